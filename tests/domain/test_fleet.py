"""Which host has which model, and which of them is best asked."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tui.domain.fleet import FleetModel, best, fleet, free_vram, is_coming, lacking
from tui.domain.models import LocalModel, RunningModel
from tui.domain.pulls import Pull
from tui.domain.status import Gpu, HostStatus

GB = 10**9
NAME = "qwen3:8b"


def host(name: str, **more: object) -> HostStatus:
    known: dict[str, object] = {"state": "up", "address": f"http://{name}", "latency": 0.02}
    return HostStatus(name=name, **(known | more))  # type: ignore[arg-type]  # any field


def held(name: str = NAME, digest: str = "a", day: int = 1) -> LocalModel:
    when = datetime(2026, 1, day, tzinfo=UTC)
    return LocalModel(name=name, digest=digest, size=5 * GB, modified_at=when)


def running(gpu: float, name: str = NAME) -> RunningModel:
    return RunningModel(name=name, size=6 * GB, size_vram=int(6 * GB * gpu))


def unknown(_host: str) -> int | None:
    return None


def room(**gigabytes: float) -> Callable[[str], int | None]:
    return lambda name: int(gigabytes[name] * GB) if name in gigabytes else None


# --- the union ---


def test_a_model_is_one_whatever_case_and_tag_hosts_write_it_with() -> None:
    found = fleet([host("a", models=(held("Qwen3"),)), host("b", models=(held("qwen3:latest"),))])
    assert [(each.name, [*each.held]) for each in found] == [("Qwen3", ["a", "b"])]


def test_what_runs_or_comes_is_listed_where_no_list_has_it() -> None:
    pulls = [
        Pull(id="1", name="gemma3:4b", host="a", state="queued"),
        Pull(id="2", name="phi4", host="a", state="done"),
        Pull(id="3", name="mistral", host="gone", state="queued"),
        Pull(id="4", name="me/mine", host="a", kind="push"),
    ]
    found = fleet([host("a", models=None, running=(running(1),))], pulls)
    assert [each.name for each in found] == [NAME, "gemma3:4b"]
    assert is_coming(found[1], "a")
    assert not is_coming(found[1], "b")


def test_names_that_are_none_are_taken_as_they_are() -> None:
    found = fleet([host("a", models=(held("a/b/c/d e"), held("")))])
    assert [each.name for each in found] == ["a/b/c/d e", ""]


def test_the_version_that_fewer_have_is_the_other_one() -> None:
    model = FleetModel(NAME, held={"a": held(), "b": held(), "c": held(digest="b", day=9)})
    assert model.others == {"c"}


def test_of_two_versions_as_common_the_older_is_the_other_one() -> None:
    model = FleetModel(NAME, held={"a": held(day=2), "b": held(digest="b", day=1)})
    assert model.others == {"b"}
    assert model.size == 5 * GB


def test_a_host_that_tells_no_digest_has_no_other_version() -> None:
    model = FleetModel(NAME, held={"a": held(), "b": held(digest="")})
    assert model.others == frozenset()


# --- memory ---


def test_free_memory_is_what_is_stated_without_what_is_loaded() -> None:
    assert free_vram(host("a", running=(running(0.5),)), 24 * GB) == 21 * GB
    assert free_vram(host("a", running=(running(1),)), 4 * GB) == 0


def test_gpus_that_are_asked_tell_what_other_programs_take_too() -> None:
    gpus = (Gpu(name="one", total=24 * GB, used=20 * GB), Gpu(name="untold"))
    assert free_vram(host("a", gpus=gpus), 48 * GB) == 4 * GB


def test_memory_that_nobody_tells_is_not_none_free() -> None:
    assert free_vram(host("a", gpus=(Gpu(name="untold"),)), 0) is None


# --- where to ask ---


def test_the_larger_part_on_a_gpu_wins_over_free_memory_and_speed() -> None:
    hosts = [host("disk"), host("half", latency=0.5), host("whole", latency=0.9)]
    model = FleetModel(
        NAME,
        held={each.name: held() for each in hosts},
        running={"half": running(0.5), "whole": running(1)},
    )
    free = room(disk=80, half=10, whole=0)
    assert best(model, hosts, free) == "whole"
    assert best(model, hosts[:2], free) == "half"


def test_loaded_where_nobody_tells_wins_over_the_disk() -> None:
    hosts = [host("disk"), host("api")]
    model = FleetModel(NAME, held={"disk": held()}, running={"api": RunningModel(name=NAME)})
    assert best(model, hosts, room(disk=80)) == "api"


def test_on_disk_the_most_free_memory_wins_and_unknown_comes_last() -> None:
    hosts = [host("untold", latency=0.001), host("full"), host("roomy", latency=0.5)]
    model = FleetModel(NAME, held={each.name: held() for each in hosts})
    free = room(full=0, roomy=20)
    assert best(model, hosts, free) == "roomy"
    assert best(model, hosts[:2], free) == "full"


def test_a_free_gpu_wins_over_a_model_in_the_memory_of_a_cpu() -> None:
    hosts = [host("cpu"), host("gpu")]
    model = FleetModel(NAME, held={"cpu": held(), "gpu": held()}, running={"cpu": running(0)})
    assert best(model, hosts, room(gpu=20)) == "gpu"
    assert best(model, hosts, unknown) == "cpu"


def test_between_equals_the_faster_one_is_asked() -> None:
    hosts = [host("far", latency=0.2), host("near", latency=0.001)]
    model = FleetModel(NAME, held={"far": held(), "near": held()})
    assert best(model, hosts, unknown) == "near"


def test_who_is_down_or_has_not_got_it_is_never_asked() -> None:
    hosts = [host("down", state="down"), host("empty")]
    model = FleetModel(NAME, held={"down": held()}, running={"down": running(1)})
    assert best(model, hosts, room(empty=80)) == ""


# --- pulling ---


@pytest.mark.parametrize(
    ("more", "offered"),
    [({}, True), ({"state": "down"}, False), ({"state": "connecting"}, False)],
)
def test_only_a_host_that_is_up_lacks_a_model(more: dict[str, object], offered: bool) -> None:
    assert lacking(FleetModel(NAME), [host("a", **more)]) == (["a"] if offered else [])


def test_who_has_a_model_or_gets_it_does_not_lack_it() -> None:
    failed = Pull(id="1", name=NAME, host="failed", state="failed")
    coming = Pull(id="2", name=NAME, host="coming", state="downloading")
    model = FleetModel(NAME, held={"has": held()}, coming={"failed": failed, "coming": coming})
    hosts = [host("has"), host("failed"), host("coming"), host("without")]
    assert lacking(model, hosts) == ["failed", "without"]
