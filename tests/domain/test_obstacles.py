"""What ssh's words mean, in those that no server on loopback makes it say."""

import pytest

from tui.domain.hosts import HostAddress
from tui.domain.obstacles import obstacle, too_slow

LAB = HostAddress.parse("ssh://me@lab:2222").box
assert LAB is not None


@pytest.mark.parametrize(
    ("lines", "step", "said", "mend"),
    [
        (["ssh: connect to host 10.0.0.7 port 22: Connection timed out"],
         "port", "no answer from port 22 of 10.0.0.7: Connection timed out", "ping 10.0.0.7"),
        (["ssh: connect to host lab port 2222: No route to host"],
         "port", "no answer from port 2222 of lab: No route to host", "ping lab"),
        (["Connection timed out during banner exchange"],
         "port", "lab hung up before it said who it is", "ssh -v -p 2222 me@lab"),
        (["Bad owner or permissions on /home/me/.ssh/config"],
         "settings", "ssh does not take its settings in /home/me/.ssh/config",
         "chmod 600 /home/me/.ssh/config"),
        (["Received disconnect from 10.0.0.7 port 22:2: Too many authentication failures",
          "Disconnected from 10.0.0.7 port 22"],
         "sign-in", "lab was offered too many keys", "${EDITOR:-vi} ~/.ssh/config"),
        (["me@gate: Permission denied (publickey,password).",
          "kex_exchange_identification: Connection closed by remote host"],
         "sign-in", "me@gate is not let in (publickey,password)",
         "ssh-copy-id -p 2222 me@lab\nssh-add"),
        (["ssh: Could not resolve hostname gate: Name or service not known",
          "kex_exchange_identification: Connection closed by remote host",
          "Connection closed by UNKNOWN port 65535"],
         "name", "ssh knows no machine named gate", "${EDITOR:-vi} ~/.ssh/config"),
        (["channel 2: open failed: connect failed: Connection timed out"],
         "server", "the tunnel to lab stands, but nothing answers at 127.0.0.1:11434 there: "
         "Connection timed out", "ssh -p 2222 me@lab ollama serve"),
        (["Timeout, server lab not responding."], "port", "the line to lab was silent for too long",
         ""),
        (["debug1: Exit status 0", "Connection to lab closed by remote host."],
         "port", "ssh to lab ended: Connection to lab closed by remote host",
         "ssh -v -p 2222 me@lab"),
        ([], "port", "ssh to lab ended: it said nothing", "ssh -v -p 2222 me@lab"),
    ],
)  # fmt: skip
def test_the_first_thing_in_the_way_is_told(
    lines: list[str], step: str, said: str, mend: str
) -> None:
    assert LAB is not None
    found = obstacle(LAB, lines)
    assert (found.step, found.said, found.mend) == (step, said, mend)
    assert found.text.startswith(f"{said}.")


def test_words_of_a_server_are_no_command() -> None:
    assert LAB is not None
    found = obstacle(LAB, ["Host key for lab;reboot{ssh} has changed"])
    assert found.mend.startswith("ssh-keygen -R 'lab;reboot{ssh}'\n")


def test_a_box_that_takes_for_ever_is_told_with_its_seconds() -> None:
    assert LAB is not None
    assert too_slow(LAB, 30).said == "ssh to lab did not come through within 30 s"


def test_a_server_of_openais_api_behind_a_box_is_not_mended_by_starting_ollama() -> None:
    address = HostAddress.parse("ssh://me@head/:8000/v1")
    assert address.box
    found = obstacle(address.box, ["channel 2: open failed: connect failed: Connection refused"])
    assert found.step == "server"
    assert "still loads its model" in found.cause
    assert found.mend == ""
