"""What a node's SQL may call, made once for each node: dbt makes it for compiling and for running, each at length."""

from functools import cache
from threading import local
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dbt.clients.jinja import MacroGenerator
    from dbt.context.macros import MacroNamespace, MacroNamespaceBuilder
    from dbt.contracts.graph.nodes import Macro


def spare_contexts() -> None:
    """Let dbt, in this process, make the names that a node can use quickly, and once for both steps of it.

    There are seven hundred macros; to make them callable took a quarter of the time of a small build.
    """
    from dbt import compilation
    from dbt.context.macros import MacroNamespaceBuilder
    from dbt.context.providers import ModelContext, RuntimeProvider
    from dbt.task import run, test

    last = local()

    def generate_once(model: Any, config: Any, manifest: Any) -> dict[str, Any]:
        asked = (model, config, manifest)
        if not all(one is other for one, other in zip(getattr(last, "asked", (None,) * 3), asked, strict=True)):
            last.asked, last.made = asked, ModelContext(model, config, manifest, RuntimeProvider(), None)
        context: dict[str, Any] = last.made.to_dict()  # with what the model has become meanwhile
        return context

    MacroNamespaceBuilder.build_namespace = build_namespace  # type: ignore[method-assign, assignment]
    for of_dbt in (compilation, run, test):
        of_dbt.generate_runtime_model_context = generate_once  # type: ignore[attr-defined]


def build_namespace(
    builder: "MacroNamespaceBuilder", macros_by_package: "dict[str, dict[str, Macro]]", context: dict[str, Any]
) -> "MacroNamespace":
    """Return what dbt's own method does: the macros of the model's package, of the project and of dbt, by name."""
    callable_macro = _generator(context, builder)
    made = {
        package: {name: callable_macro(macro) for name, macro in macros.items()}
        for package, macros in macros_by_package.items()
    }
    of_dbt: dict[str, MacroGenerator] = {}
    for package in reversed(builder.internal_package_names_order):
        of_dbt.update(made.pop(package, {}))
    root, own = builder.root_package, builder.search_package
    namespace: MacroNamespace = _namespace()({} if own == root else made.get(root, {}), made.get(own, {}), of_dbt, made)
    return namespace


def _generator(of_context: dict[str, Any], builder: "MacroNamespaceBuilder") -> "type[MacroGenerator]":
    """Return what makes a macro callable, with what is the same for all macros of a node in one place."""
    from dbt.clients.jinja import MacroGenerator

    class OfNode(MacroGenerator):
        context, node, stack = of_context, builder.node, builder.thread_ctx

        def __init__(self, macro: "Macro") -> None:
            self.macro = macro

    return OfNode


@cache
def _namespace() -> Any:
    from dbt.context.macros import MacroNamespace

    class Namespace(dict[str, Any], MacroNamespace):
        """Macros that are found in one place: dbt looks in five for each."""

        def __init__(self, *places: Any) -> None:
            MacroNamespace.__init__(self, *places)
            for place in reversed([*self._search_order()]):
                self.update(place)

    return Namespace
