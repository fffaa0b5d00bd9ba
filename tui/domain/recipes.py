"""A model's Modelfile as a server shows it, made fit to create from."""

_BLOB = "blobs/sha256-"


def recipe(modelfile: str, name: str) -> str:
    """The Modelfile, made from the model of this name: its files lie on the server, not here."""
    kept, begun = list[str](), False
    for row in modelfile.splitlines():
        command, _space, value = row.partition(" ")
        of_server = command in ("FROM", "ADAPTER") and _BLOB in value.replace("\\", "/")
        if row.startswith("#") and not begun:
            continue
        if command == "FROM" and (of_server or value.strip() == name):
            kept += [] if begun else [f"FROM {name}"]
            begun = True
        elif not of_server:
            kept.append(row)
    text = "\n".join(kept).strip()
    return f"{text}\n" if begun else f"FROM {name}\n{text}".rstrip() + "\n"
