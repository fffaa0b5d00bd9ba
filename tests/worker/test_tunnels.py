"""Hosts behind ssh, through a real sshd: tunnels open, break, come back, and leave nothing."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from eventually import eventually
from fake_ollama import FakeOllama
from fake_openai import MODEL, FakeOpenAI
from program import Program
from sshd import Sshd, free_port, needs_sshd, nothing_left, ssh_processes
from tui.domain.host_drafts import HostDraft
from tui.domain.host_settings import HostSetting
from tui.domain.hosts import HostAddress
from tui.worker import ssh as running
from tui.worker import tunnel as tunnels
from tui.worker import watch as watching
from tui.worker.events import HostChanged
from tui.worker.tunnel import Tunnel, TunnelTrouble

pytestmark = needs_sshd


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_ATTENDED", "_UNATTENDED"):
        monkeypatch.setattr(watching, name, 0.05)
    monkeypatch.setattr(tunnels, "_CALM_SECONDS", 0.0)
    monkeypatch.setattr(tunnels, "_SLOWEST", 0.05)


@pytest.fixture
async def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sshd]:
    sshd = Sshd(tmp_path / "box")
    sshd.put_on_path(monkeypatch)
    async with sshd:
        yield sshd


def behind(box: Sshd, fake: FakeOllama) -> str:
    return f"{box.url}/:{fake.url.rpartition(':')[2]}"


async def trouble(tmp_path: Path, url: str) -> TunnelTrouble:
    """Why a host cannot be asked."""
    async with Program(tmp_path / "home", box=url) as program:
        with pytest.raises(TunnelTrouble) as caught:
            await program.hosts.client("box")
    assert str(caught.value).startswith(f"{HostAddress.parse(url).shown}: ")
    return caught.value


async def test_a_box_is_asked_through_its_tunnel(
    tmp_path: Path, box: Sshd, fake: FakeOllama
) -> None:
    async with Program(tmp_path / "home", box=behind(box, fake)) as program:
        client = await program.hosts.client("box")
        assert await client.version() == fake.version
        status = program.hosts.status("box")
        assert (status.tunnel, status.is_local, status.address) == ("up", False, behind(box, fake))
        chat = await program.asked("Hi", host="box")
        assert program.last(chat).state == "complete"
        folder = Path(client.address.socket).parent
        assert folder.stat().st_mode & 0o777 == 0o700
        assert ssh_processes(box.port)
    assert not folder.exists()
    await nothing_left(box.port)


async def test_many_who_want_the_same_box_share_one_tunnel(
    tmp_path: Path, box: Sshd, fake: FakeOllama
) -> None:
    async with Program(tmp_path / "home", box=behind(box, fake)) as program:
        clients = await asyncio.gather(*(program.hosts.client("box") for _each in range(5)))
        assert len({id(client) for client in clients}) == 1
        assert box.log.count("Accepted publickey") == 1


async def test_a_box_is_added_once_by_its_name(tmp_path: Path, fake: FakeOllama) -> None:
    async with Program(tmp_path, local=fake.url) as program:
        assert program.hosts.add("ssh://me@lab") == "lab"
        assert program.hosts.add("ssh://me@lab/") == "lab"
        assert program.hosts.add("ssh://lab/:11500") == "lab-2"
        assert program.hosts.address("lab").shown == "ssh://me@lab"


async def test_a_host_behind_ssh_is_tried_before_it_is_saved(
    tmp_path: Path, box: Sshd, fake: FakeOllama
) -> None:
    async with Program(tmp_path / "home", local=fake.url) as program:
        good = HostDraft("lab", HostSetting(url=behind(box, fake)))
        assert (await program.hosts.test(good)).outcome == "good"
        box.forget()
        bad = await program.hosts.test(good)
        assert (bad.outcome, "not known here yet" in bad.why) == ("bad", True)
    await nothing_left(box.port)


async def test_a_host_that_is_removed_keeps_its_tunnel_until_its_answer_has_come(
    tmp_path: Path, box: Sshd, fake: FakeOllama
) -> None:
    fake.reply = "Once upon a time"
    fake.hold.clear()
    async with Program(tmp_path / "home", local=fake.url) as program:
        program.worker.start()
        program.hosts.put(HostDraft("lab", HostSetting(url=behind(box, fake))))
        session = program.chat(host="lab")
        program.replies.send(session.id, "A story")
        await program.says(session.id, "Once")
        program.hosts.remove("lab")
        assert ssh_processes(box.port)
        fake.hold.set()
        await program.worker.idle()
        assert program.last(session.id).state == "complete"
        await nothing_left(box.port)


async def test_a_box_that_is_watched_shows_its_tunnel(
    tmp_path: Path, box: Sshd, fake: FakeOllama
) -> None:
    async with Program(tmp_path / "home", box=behind(box, fake)) as program:
        assert program.hosts.status("box").tunnel == "down"
        program.worker.start()
        await eventually(lambda: program.hosts.status("box").state == "up", "the box")
        told = [event.status.tunnel for event in program.heard(HostChanged)]
        assert list(dict.fromkeys(told)) == ["opening", "up"]
        first = program.hosts.status("box").tunnel_since
        assert first is not None
        box.hang_up()
        await eventually(lambda: program.hosts.status("box").tunnel_since != first, "the cut")
        await eventually(lambda: program.hosts.status("box").tunnel == "up", "its return")
        await eventually(lambda: program.hosts.status("box").state == "up", "its server")
        again = program.hosts.status("box")
        assert again.tunnel_since is not None
        assert again.tunnel_since > first
        told = [event.status.tunnel for event in program.heard(HostChanged)]
        assert "down" in told


async def test_a_server_that_goes_behind_a_tunnel_is_not_the_tunnels_fault(
    tmp_path: Path, box: Sshd, fake: FakeOllama
) -> None:
    async with Program(tmp_path / "home", box=behind(box, fake)) as program:
        program.worker.start()
        await eventually(lambda: program.hosts.status("box").state == "up", "the box")
        await fake.stop()
        words = "stands, but nothing answers at"
        await eventually(lambda: words in program.hosts.status("box").error, "its end")
        assert program.hosts.status("box").tunnel == "up"
        with pytest.raises(TunnelTrouble, match="nothing answers"):
            await program.hosts.client("box")
        await fake.__aenter__()
        await eventually(lambda: program.hosts.status("box").state == "up", "its return")


async def test_an_answer_that_a_cut_interrupts_is_kept_and_continued(
    tmp_path: Path, box: Sshd, fake: FakeOllama
) -> None:
    fake.reply = "Once upon a time"
    fake.hold.clear()
    async with Program(tmp_path / "home", box=behind(box, fake)) as program:
        session = program.chat(host="box")
        program.replies.send(session.id, "A story")
        await program.says(session.id, "Once")
        box.hang_up()
        await program.worker.idle()
        answer = program.last(session.id)
        assert (answer.state, answer.content[:4]) == ("interrupted", "Once")
        fake.hold.set()
        await eventually(lambda: program.hosts.status("box").tunnel == "down", "the cut")
        program.replies.proceed(session.id, answer.id)
        await program.worker.idle()
        last = program.last(session.id)
        assert last.state == "complete", last.error


async def test_a_line_that_goes_silent_is_noticed(
    tmp_path: Path, box: Sshd, fake: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = [each.replace("Interval=15", "Interval=1").replace("Max=3", "Max=1")
             for each in running._OPTIONS]  # fmt: skip
    monkeypatch.setattr(running, "_OPTIONS", quick)
    async with Program(tmp_path / "home", box=behind(box, fake)) as program:
        await program.hosts.client("box")
        tunnel = program.hosts._watches["box"].tunnel
        assert tunnel is not None
        box.freeze()
        await eventually(lambda: tunnel.state == "down", "the end")
        assert "was silent for too long" in str(tunnel._trouble)
    await nothing_left(box.port)


async def test_a_box_that_is_gone_is_called_until_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake: FakeOllama
) -> None:
    box = Sshd(tmp_path / "box")
    box.put_on_path(monkeypatch)
    async with Program(tmp_path / "home", box=behind(box, fake)) as program:
        program.worker.start()
        await eventually(lambda: program.hosts.status("box").state == "down", "the box")
        status = program.hosts.status("box")
        assert f"nothing listens at port {box.port} of 127.0.0.1" in status.error
        assert status.next_try is not None
        async with box:
            await eventually(lambda: program.hosts.status("box").state == "up", "its return")
    await nothing_left(box.port)


# --- what is in the way ---


async def test_a_wrong_key_is_mended_by_bringing_it_there(tmp_path: Path, box: Sshd) -> None:
    box.use_key("other")
    found = (await trouble(tmp_path, box.url)).obstacle
    assert (found.step, found.lasting) == ("sign-in", True)
    assert "is not let in (publickey)" in found.said
    assert found.mend == f"ssh-copy-id -p {box.port} 127.0.0.1\nssh-add"


async def test_a_key_that_others_can_read_is_mended_by_closing_it(
    tmp_path: Path, box: Sshd
) -> None:
    (box.folder / "user").chmod(0o644)
    found = (await trouble(tmp_path, box.url)).obstacle
    assert found.mend == f"chmod 600 {box.folder / 'user'}"


async def test_a_box_that_is_not_known_is_mended_by_signing_in_once(
    tmp_path: Path, box: Sshd
) -> None:
    box.forget()
    found = (await trouble(tmp_path, box.url)).obstacle
    assert (found.step, found.lasting) == ("host key", True)
    assert "not known here yet" in found.said
    assert found.mend == f"ssh -p {box.port} 127.0.0.1"


async def test_a_box_with_another_key_than_before_is_a_warning(tmp_path: Path, box: Sshd) -> None:
    box.know("other")
    found = (await trouble(tmp_path, box.url)).obstacle
    assert (found.step, found.lasting) == ("host key", True)
    assert "something in between" in found.cause
    assert found.mend.startswith(f"ssh-keygen -R '[127.0.0.1]:{box.port}'\n")


async def test_a_name_that_leads_nowhere_is_one_for_the_settings_of_ssh(
    tmp_path: Path, box: Sshd
) -> None:
    found = (await trouble(tmp_path, "ssh://no-such-box.invalid")).obstacle
    assert (found.step, "no machine named no-such-box.invalid" in found.said) == ("name", True)
    assert found.mend == "${EDITOR:-vi} ~/.ssh/config"


async def test_a_box_without_sshd_refuses_the_call(tmp_path: Path, box: Sshd) -> None:
    port = free_port()
    found = (await trouble(tmp_path, f"ssh://127.0.0.1:{port}")).obstacle
    assert (found.step, found.said) == ("port", f"nothing listens at port {port} of 127.0.0.1")
    assert found.mend == f"ssh -v -p {port} 127.0.0.1"


async def test_something_else_than_sshd_hangs_up(tmp_path: Path, box: Sshd) -> None:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = (await trouble(tmp_path, f"ssh://127.0.0.1:{port}")).obstacle
    assert (found.step, found.said) == ("port", "127.0.0.1 hung up before it said who it is")


async def test_a_forward_that_is_refused_is_for_sshd_to_allow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Sshd(tmp_path / "box")
    box.settings.append("AllowTcpForwarding no")
    box.put_on_path(monkeypatch)
    async with box:
        found = (await trouble(tmp_path, box.url)).obstacle
    assert (found.step, found.lasting) == ("forward", True)
    assert "lets you in, but does not let you on to 127.0.0.1:11434" in found.said
    assert "AllowTcpForwarding yes" in found.mend


async def test_no_server_behind_it_is_told_with_what_starts_one(tmp_path: Path, box: Sshd) -> None:
    port = free_port()
    found = (await trouble(tmp_path, f"{box.url}/:{port}")).obstacle
    assert (found.step, found.lasting) == ("server", False)
    assert f"nothing answers at 127.0.0.1:{port} there: Connection refused" in found.said
    assert found.mend == f"ssh -p {box.port} 127.0.0.1 ollama serve"


async def test_without_ssh_it_is_named_with_what_installs_it(
    tmp_path: Path, box: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = (await trouble(tmp_path, box.url)).obstacle
    assert (found.step, found.mend) == ("program", "sudo apt install openssh-client")


async def test_a_full_tmp_is_named(
    tmp_path: Path, box: Sshd, fake: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "t"
    monkeypatch.setattr(tempfile, "tempdir", str(gone))
    async with Program(tmp_path / "home", box=behind(box, fake)) as program:
        program.worker.start()
        await eventually(lambda: program.hosts.status("box").state == "down", "the failure")
        said = "ssh could not be started: No such file or directory"
        assert said in program.hosts.status("box").error
        gone.mkdir()
        await eventually(lambda: program.hosts.status("box").state == "up", "the next try")


async def test_settings_that_ssh_does_not_take_are_named(tmp_path: Path, box: Sshd) -> None:
    box.use_key("user", "NoSuchOption yes")
    found = (await trouble(tmp_path, box.url)).obstacle
    assert (found.step, "nosuchoption" in found.said) == ("settings", True)


async def test_a_box_that_takes_for_ever_is_given_up_and_nothing_is_left(
    tmp_path: Path, box: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tunnels, "_OPENING_SECONDS", 0.1)
    box.use_key("user", "ProxyCommand sleep 1000")
    found = (await trouble(tmp_path, box.url)).obstacle
    assert "did not come through within 0.1 s" in found.said
    await nothing_left(box.port)


async def test_nobody_who_waits_for_a_tunnel_is_kept_from_leaving(
    tmp_path: Path, box: Sshd
) -> None:
    box.use_key("user", "ProxyCommand sleep 1000")
    async with Program(tmp_path / "home", box=box.url) as program:
        waiting = asyncio.create_task(program.hosts.client("box"))
        await eventually(lambda: len(ssh_processes(box.port)) > 1, "ssh")
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await nothing_left(box.port)
        assert program.hosts.status("box").tunnel == "down"


async def test_a_forward_of_the_users_own_that_is_taken_does_not_matter(
    tmp_path: Path, box: Sshd, fake: FakeOllama
) -> None:
    taken = fake.url.rpartition(":")[2]
    box.use_key("user", f"LocalForward {taken} localhost:{taken}")
    async with Program(tmp_path / "home", box=behind(box, fake)) as program:
        assert await (await program.hosts.client("box")).version() == fake.version


# --- how often ---


async def test_tries_become_rarer_and_what_time_does_not_mend_rarest(
    tmp_path: Path, box: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(tunnels, "_CALM_SECONDS", 0.0)
    monkeypatch.setenv("PATH", os.environ["PATH"])
    address = HostAddress.parse(f"ssh://127.0.0.1:{free_port()}")
    assert address.box is not None
    tunnel, pauses = Tunnel(address, address.box, lambda: None), []
    for _try in range(7):
        with pytest.raises(TunnelTrouble):
            await tunnel.reach()
        pauses.append(tunnel.pause)
    assert pauses == [2, 4, 8, 16, 32, 60, 60]
    monkeypatch.setenv("PATH", "")
    with pytest.raises(TunnelTrouble):
        await tunnel.reach()
    assert tunnel.pause == 300
    await tunnel.aclose()


async def test_a_failure_is_not_repeated_by_everybody_who_asks(
    tmp_path: Path, box: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tunnels, "_CALM_SECONDS", 60.0)
    box.use_key("other")
    async with Program(tmp_path / "home", box=box.url) as program:
        for _each in range(3):
            with pytest.raises(TunnelTrouble, match="is not let in"):
                await program.hosts.client("box")
    await eventually(lambda: box.log.count("[preauth]"), "the log")
    assert box.log.count("[preauth]") == 1


# --- servers of OpenAI's API ---


async def test_a_server_of_openais_api_is_asked_through_its_tunnel(
    tmp_path: Path, box: Sshd
) -> None:
    async with FakeOpenAI() as server:
        url = f"{box.url}/:{server.port}/v1"
        async with Program(tmp_path / "home", head=url) as program:
            program.worker.start()
            await eventually(lambda: program.hosts.status("head").state == "up", "the server")
            status = program.hosts.status("head")
            assert (status.version, status.tunnel) == ("vLLM 0.11.0", "up")
            assert status.address == url
            chat = await program.asked("Hi", host="head", model=MODEL)
            assert program.last(chat).content == server.reply
            found = await program.hosts.test(
                HostDraft("new").changed("url", url.removesuffix("/v1"))
            )
            assert (found.outcome, found.kind) == ("good", "openai")
    await nothing_left(box.port)


async def test_nobody_behind_a_box_is_not_mended_by_ollama_where_that_is_not_meant(
    tmp_path: Path, box: Sshd
) -> None:
    found = (await trouble(tmp_path, f"{box.url}/:{free_port()}/v1")).obstacle
    assert found.step == "server"
    assert "still loads its model" in found.cause
    assert "ollama" not in found.text.lower()
