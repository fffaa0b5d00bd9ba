"""What can honestly be shown of a model on its way."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

import recordings
from tui.domain.pulls import Layer, Progress, Pull

ONE, TWO = "sha256:1", "sha256:2"


def after(*reports: Progress, pull: Pull | None = None) -> Pull:
    pull = pull or Pull(id="1", name="llama3")
    for report in reports:
        pull = pull.after(report)
    return pull


def layer(digest: str, total: int, completed: int = 0) -> Progress:
    return Progress(status=f"pulling {digest}", digest=digest, total=total, completed=completed)


def recorded(name: str) -> list[Progress]:
    lines = recordings.load(name).lines
    return [msgspec.convert(line, Progress) for line in lines if "error" not in line]


def test_nothing_is_known_before_the_first_report() -> None:
    pull = Pull(id="1", name="llama3")
    assert (pull.total, pull.completed, pull.fraction) == (0, 0, 0.0)
    assert pull.layer is None
    assert pull.seconds_left is None


def test_the_total_grows_as_layers_are_announced() -> None:
    pull = after(Progress(status="pulling manifest"), layer(ONE, 1000, 500))
    assert (pull.total, pull.completed, pull.fraction) == (1000, 500, 0.5)
    pull = pull.after(layer(TWO, 3000))
    assert (pull.total, pull.completed, pull.fraction) == (4000, 1000, 0.25)


def test_the_total_of_the_manifest_stands_from_the_start() -> None:
    pull = Pull(id="1", name="llama3", expected=4000)
    assert after(layer(ONE, 1000, 500), pull=pull).fraction == 0.125


def test_what_falls_on_the_server_falls_here() -> None:
    pull = after(layer(ONE, 1000, 748), layer(ONE, 1000, 460))
    assert pull.layers == (Layer(digest=ONE, total=1000, completed=460),)


def test_a_layers_total_never_shrinks() -> None:
    assert after(layer(ONE, 1000), layer(ONE, 10)).total == 1000


def test_a_report_without_a_size_changes_no_layer() -> None:
    pull = after(layer(ONE, 1000, 10), Progress(status="pulling fsync"))
    assert pull.layer == (1, Layer(digest=ONE, total=1000, completed=10))


def test_what_is_being_checked_is_all_there() -> None:
    pull = after(layer(ONE, 1000, 990), Progress(status="verifying sha256 digest"))
    assert pull.state == "verifying"
    assert pull.status == "verifying sha256 digest"
    assert pull.fraction == 1.0


def test_asking_anew_makes_no_layer_whole() -> None:
    pull = after(layer(TWO, 1000, 10), Progress(status="pulling manifest"), layer(ONE, 1000))
    assert pull.completed == 10


PLANNED = Pull(
    id="1", name="llama3", planned=(Layer(digest=ONE, total=3000, completed=3000),
    Layer(digest=TWO, total=1000)), expected=4000, check_speed=500.0,
)  # fmt: skip


def test_what_the_server_had_before_counts_from_the_start() -> None:
    assert (PLANNED.total, PLANNED.completed, PLANNED.present) == (4000, 3000, 3000)
    pull = after(layer(TWO, 1000, 500), pull=PLANNED)
    assert (pull.total, pull.completed) == (4000, 3500)
    assert pull.seconds_to_check == 2.0


def test_a_plan_in_other_pieces_than_the_servers_gives_only_the_total() -> None:
    pull = after(layer("sha256:model", 4000, 500), pull=PLANNED)
    assert (pull.total, pull.completed) == (4000, 500)


def test_the_steps_of_a_create_are_counted_each() -> None:
    steps = [
        Progress(status="quantizing F16 model to Q4_K_M", digest="000", total=10, completed=9),
        Progress(status="validating GGUF model", digest="000", total=4, completed=1),
    ]
    pull = after(*steps, pull=Pull(id="1", name="mine", kind="create"))
    assert [(each.total, each.completed) for each in pull.layers] == [(10, 10), (4, 1)]


@pytest.mark.parametrize(
    "name", [each for each in recordings.names() if each.startswith(("pull", "push", "create"))]
)
def test_no_recorded_stream_makes_the_bars_lie_or_jump(name: str) -> None:
    pull = Pull(id="1", name="llama3")
    for report in recorded(name):
        before, pull = pull, pull.after(report)
        assert 0 <= before.completed <= pull.completed <= pull.total
        assert pull.total >= before.total
        assert all(0 <= layer.fraction <= 1 for layer in pull.layers)
        assert pull.state != "verifying" or pull.completed == pull.total
        if report.total:
            shown = next(each for each in pull.layers if each.digest == report.digest)
            assert shown.completed == report.completed


def test_a_finished_pull_is_whole_though_its_last_lines_were_not() -> None:
    pull = msgspec.structs.replace(after(layer(ONE, 1000, 990)), state="done")
    assert (pull.completed, pull.fraction) == (1000, 1.0)


def test_the_time_left_follows_the_speed() -> None:
    pull = msgspec.structs.replace(after(layer(ONE, 1000, 400)), speed=100.0)
    assert pull.seconds_left == 6.0


def test_a_fraction_is_never_more_than_all() -> None:
    pull = after(layer(ONE, 1000, 1010))
    assert pull.fraction == 1.0
    assert pull.layers[0].fraction == 1.0
    assert Layer(digest=ONE).fraction == 0.0


def test_a_recorded_pull_announces_five_layers_and_ends_in_verifying() -> None:
    reports = recorded("pull_ok")
    pull = after(*reports)
    assert pull.state == "verifying"
    assert pull.status == "success"
    assert len(pull.layers) == len({report.digest for report in reports if report.digest})
    assert 0.9 < pull.fraction <= 1.0


def test_a_recorded_pull_after_a_crash_starts_lower_than_it_was() -> None:
    killed = after(*recorded("pull_server_killed"))
    again = after(recorded("pull_after_server_killed")[1], pull=killed)
    assert again.completed < killed.completed
    assert again.total == killed.total


def test_a_pulls_log_keeps_its_last_lines() -> None:
    pull, moment = Pull(id="1", name="llama3"), datetime(2026, 11, 22, tzinfo=UTC)
    for number in range(60):
        pull = pull.noted(moment + timedelta(seconds=number), f"try {number}")
    assert [text for _moment, text in pull.log] == [f"try {number}" for number in range(10, 60)]
