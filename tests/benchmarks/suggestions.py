"""How often a suggestion is right: every accepted spelling of every codelist with a typing error in it, seen from KAZ.

``tests/benchmarks/suggestions.py [TYPOS]`` (1 by default) prints, of the spellings long enough for edits, how many get
the right code, a wrong one, and none; beside them of how many spellings the code is suggested when some letters are
look-alikes, and how many get a suggestion when their code is not in the list at all, so that any is wrong.
"""

import random
import re
import sys
import time
from collections import Counter
from collections.abc import Mapping

from warehouse.findings.suggestions import SHORTEST, Vocabulary, spellings_of
from warehouse.storage.settings import Settings

LATIN, CYRILLIC = "abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщъыьэюя"
TWINS = str.maketrans("aeopcyxkmthbi", "аеорсухкмтнві")
SAMPLE = 300


def with_typo(key: str, chance: random.Random) -> str:
    """Return a key with one letter left out, put in, replaced, or changed with the next."""
    letters = CYRILLIC if re.search("[а-я]", key) else LATIN
    at, letter = chance.randrange(len(key)), chance.choice(letters)
    before, here, after = key[:at], key[at], key[at + 1 :]
    forms = (before + after, before + letter + here + after, before + letter + after,
             before + after[:1] + here + after[1:])  # fmt: skip
    return chance.choice(forms).strip()


def with_twin(key: str, chance: random.Random) -> str:
    """Return a key with one of its Latin letters as the Cyrillic one that looks the same; itself if it has none."""
    places = [at for at, letter in enumerate(key) if letter != letter.translate(TWINS)]
    if not places:
        return key
    at = chance.choice(places)
    return key[:at] + key[at].translate(TWINS) + key[at + 1 :]


def judge(vocabulary: Vocabulary, text: str, code: str) -> str:
    """Say what becomes of a text that should mean a code."""
    if text in vocabulary.known:
        return "known"
    near = vocabulary.find_near(text)
    return "none" if near is None else "right" if near.meaning == code else "wrong"


def is_suggested_without_its_code(known: Mapping[str, str], key: str) -> bool:
    """Tell whether a spelling gets a suggestion in a list without its code."""
    rest = Vocabulary({other: code for other, code in known.items() if code != known[key]})
    return rest.find_near(key) is not None


def main() -> None:
    """Print a line per codelist and one for all."""
    typos = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    folder, chance = Settings().codelists, random.Random(1)
    total: Counter[str] = Counter()
    for path in sorted(folder.glob("spellings/*.csv")):
        name = path.stem.removesuffix("_spellings")
        vocabulary = spellings_of(folder, name, "KAZ")
        found: Counter[str] = Counter()
        started = time.perf_counter()
        for key, code in vocabulary.known.items():
            typed = key
            for _ in range(typos):
                typed = with_typo(typed or key, chance)
            if len(key) >= SHORTEST and typed != key:
                found[judge(vocabulary, typed, code)] += 1
            if (twin := with_twin(key, chance)) != key:
                found[f"look-alike {judge(vocabulary, twin, code)}"] += 1
        elapsed = time.perf_counter() - started
        sample = [key for key in vocabulary.known if len(key) >= SHORTEST]
        for key in chance.sample(sample, min(len(sample), SAMPLE)):
            found["not in list: " + ("wrong" if is_suggested_without_its_code(vocabulary.known, key) else "none")] += 1
        print(f"{name}: {dict(sorted(found.items()))}, {elapsed:.2f} s")
        total += found
    print(f"all: {dict(sorted(total.items()))}")


if __name__ == "__main__":
    main()
