"""`ollama-tui pull --dry-run`: what a download will take, and what is there already."""

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from tui.commands.fetching import job_of
from tui.commands.output import remark, tell, write_json, write_table
from tui.commands.services import FAILED, OK, Services
from tui.domain.language import _
from tui.domain.names import BadModelName
from tui.domain.plans import Plan
from tui.domain.pulls import Pull
from tui.domain.units import size
from tui.store.catalogue import listed_size


async def forecast(options: Namespace, services: Services) -> int:
    """Tell it of every model. Nothing is downloaded."""
    planner = services.worker.planner
    jobs, code = list[Pull](), OK
    for name in dict.fromkeys(options.models):
        try:
            jobs.append(job_of("pull", name, services.host, insecure=options.insecure))
        except BadModelName as error:
            remark(str(error))
            code = FAILED
    plans = [(job, await planner.plan(job)) for job in jobs]
    if options.json:
        write_json({"models": [_facts(job, plan) for job, plan in plans]})
    elif plans:
        _tell(plans)
    unknown = any(plan is None or not plan.layers for _job, plan in plans)
    return FAILED if unknown else code


def _tell(plans: Sequence[tuple[Pull, Plan | None]]) -> None:
    head = _("NAME"), _("SIZE"), _("THERE"), _("TO DOWNLOAD")
    write_table(head, [_row(job, plan) for job, plan in plans])
    for job, plan in plans:
        if plan is None:
            text = _("{name}: its registry cannot be asked from here; sizes are the catalogue's.")
            remark(text.format(name=job.name))
        elif plan.warning:
            remark(f"{job.name}: {plan.warning}")
    known = [plan for _job, plan in plans if plan and plan.layers]
    if len(known) > 1:
        missing = sum({each.digest: each.total - each.completed for plan in known
                       for each in plan.layers}.values())  # fmt: skip
        tell(_("{size} to download in all").format(size=size(missing)))


def _row(job: Pull, plan: Plan | None) -> tuple[str, ...]:
    if plan is None or not plan.layers:
        about = listed_size(job.name) if plan is None else 0
        return job.name, f"~{size(about)}" if about else "?", "?", "?"
    return job.name, size(plan.total), size(plan.present), size(plan.total - plan.present)


def _facts(job: Pull, plan: Plan | None) -> dict[str, Any]:
    known = plan if plan and plan.layers else None
    return {
        "model": job.name,
        "total": known.total if known else None,
        "present": known.present if known else None,
        "missing": known.total - known.present if known else None,
        "layers": [
            {"digest": layer.digest, "size": layer.total, "present": layer.completed > 0}
            for layer in (known.layers if known else ())
        ],
        "catalogue_size": listed_size(job.name) or None,
        "warning": plan.warning if plan else None,
    }
