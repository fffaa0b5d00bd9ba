"""What the settings of a host are called, and what each is for."""

from tui.domain.language import _

SOURCES = {
    "": _("kept by this program, in secrets.toml"),
    "env": _("in a variable of the environment"),
    "file": _("in a file, its first line"),
    "command": _("printed by a command, such as pass"),
}
"""Where a key can be, and what stands before the colon for it."""

_WORDS = {
    "name": (_("name"), "", _("What conversations know it by; it cannot be changed later.")),
    "url": (
        _("address"),
        _("as OLLAMA_HOST says"),
        _("host:port, http://, https:// with a path, unix:/path, or ssh://[user@]box[:port]."),
    ),
    "kind": (
        _("speaks"),
        _("Ollama"),
        _("Ollama, or OpenAI's API as vLLM, SGLang and llama.cpp do. t finds it out."),
    ),
    "user": (
        _("user"),
        _("none: the key is a Bearer token"),
        _("For Basic: the key is then the password."),
    ),
    "key": (
        _("key"),
        _("none"),
        _("Sent to this host alone. It is never shown, and never in config.toml."),
    ),
    "headers": (
        _("headers"),
        _("none"),
        _("What else is sent, such as X-Api-Key; enter adds, changes or takes away one."),
    ),
    "ca_file": (
        _("authority"),
        _("those that everybody trusts"),
        _("A PEM file of certificates to trust besides, such as that of your own authority."),
    ),
    "client_cert": (
        _("client certificate"),
        _("none"),
        _("A PEM file that says who you are (mutual TLS)."),
    ),
    "client_key": (
        _("its key"),
        _("in the same file"),
        _("The key of the client certificate; PEM, not encrypted."),
    ),
    "verify": (
        _("check certificate"),
        _("yes"),
        _("Without it, whoever is on the way can read and change everything."),
    ),
    "connect_timeout": (
        _("time to connect"),
        _("5 s"),
        _("Seconds until it has to take the call. Answers may take for ever."),
    ),
    "proxy": (
        _("proxy"),
        _("as the environment says"),
        _("http://, https:// or socks5://, with user:password@ if need be; none for no proxy."),
    ),
    "vram": (
        _("GPU memory"),
        _("not known"),
        _("Such as 24 GB: no server tells it. Gauges, and what fits, go by it."),
    ),
}


def name_of(field: str) -> str:
    """What a setting is called."""
    return _WORDS[field][0]


def default_of(field: str) -> str:
    """What holds while nothing is set."""
    return _WORDS[field][1]


def about(field: str) -> str:
    """What a setting is for."""
    return _WORDS[field][2] if field in _WORDS else ""
