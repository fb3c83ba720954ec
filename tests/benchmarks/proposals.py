"""How many findings carry a proposal: of the files in a folder, by rule and by who proposed; and each of them.

``tests/benchmarks/proposals.py FOLDER [--list]`` judges the files below FOLDER (laid out as an inbox) as `sarai check`
does. With ``--list`` it prints a line for each proposal: rule, question, what was sent, what is proposed, and why.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from flows.offline.check import judge_files
from flows.offline.prepared_warehouse import prepare
from warehouse.answers.answer import Answer, AnswerFinding
from warehouse.storage.settings import Settings
from warehouse.text_table import lay_out, printable


def judge(folder: Path) -> list[Answer]:
    """Judge each file in a ledger of its own month, so that none is a copy or a revision of another."""
    settings = Settings()
    with tempfile.TemporaryDirectory() as home:
        _, answers = judge_files(settings.at(Path(home)), prepare(settings), [folder])
    return answers


def by_rule(findings: Iterable[AnswerFinding]) -> list[list[object]]:
    """Return rule, findings, those with a proposal, and who proposed how often."""
    found = list(findings)
    counts = Counter(finding.rule for finding in found)
    proposed = Counter(finding.rule for finding in found if finding.proposal)
    who = Counter((finding.rule, finding.proposal.rule) for finding in found if finding.proposal)
    return [
        [rule, count, proposed[rule], ", ".join(f"{by} {n}" for (of, by), n in sorted(who.items()) if of == rule)]
        for rule, count in counts.most_common()
    ]


def main() -> None:
    """Print the table, the share of findings with a proposal and, if asked, each proposal."""
    findings = [finding for answer in judge(Path(sys.argv[1])) for finding in answer.findings]
    print(lay_out(("rule", "findings", "proposed", "by"), by_rule(findings)))
    count = sum(finding.proposal is not None for finding in findings)
    print(f"\n{count} of {len(findings)} findings have a proposal ({count / max(len(findings), 1):.0%}).")
    for finding in findings if "--list" in sys.argv else ():
        if finding.proposal:
            sent = printable(finding.value or "")[:80]
            print(f"{finding.rule}\t{finding.field}\t{sent}\t{finding.proposal.words.ru}\t{finding.proposal.rule}")


if __name__ == "__main__":
    main()
