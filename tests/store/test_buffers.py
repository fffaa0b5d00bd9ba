import platform

from tui.store.buffers import give_back


def test_the_c_library_is_told_to_keep_no_large_buffers() -> None:
    assert give_back() == (platform.libc_ver()[0] == "glibc")
