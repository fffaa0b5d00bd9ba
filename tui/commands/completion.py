"""`ollama-tui completion`: what lets bash, zsh and fish complete commands, options and models."""

import re
from argparse import ArgumentParser, Namespace

from tui.commands.output import tell
from tui.commands.parsing import COMMANDS, command_parser, main_parser
from tui.commands.services import OK, Services
from tui.domain.language import _

_LOCAL = "ollama-tui list --names 2>/dev/null"
_MODELS = {
    **dict.fromkeys(("show", "push", "cp", "rm", "stop", "run", "list", "ls"), _LOCAL),
    "pull": f"{_LOCAL}; ollama-tui search --names 2>/dev/null",
}
"""What names the models that are offered behind a command."""
_WORDS = {"completion": "bash zsh fish", "export": "md json jsonl txt"}

_OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]*")

_BASH = """\
# ollama-tui: source <(ollama-tui completion bash)
_ollama_tui() {
    # bash's own words end at colons; ours end at spaces.
    local whole=${COMP_LINE:0:COMP_POINT} command="" at=1
    local typed=${whole##*[[:space:]]}
    local -a said
    read -ra said <<<"${whole%"$typed"}"
    while ((at < ${#said[@]})); do
        case ${said[at]} in
            --host|--model|--session|--prompt) ((at += 2));;
            -*) ((at += 1));;
            *) command=${said[at]}; break;;
        esac
    done
    local words
    case $command in
@cases@
        *) words="@main@";;
    esac
    # What stands before a colon is there already, for bash.
    local before=""
    [[ $COMP_WORDBREAKS == *:* && $typed == *:* ]] && before=${typed%"${typed##*:}"}
    # Not compgen -W, which expands its words: the names of models are what a server says.
    local -a offered
    IFS=$' \t\n' read -rd "" -a offered <<<"$words"
    local word
    COMPREPLY=()
    for word in "${offered[@]}"; do
        [[ $word == "$typed"* && $word =~ ^[[:alnum:]._:/@+-]+$ ]] && COMPREPLY+=("$word")
    done
    [[ $before ]] && COMPREPLY=("${COMPREPLY[@]#"$before"}")
    return 0
}
complete -o default -F _ollama_tui ollama-tui
"""
_BASH_CASE = '        {name}) words="{words}";;'
_ASK = "$({ask})"

_ZSH = """\
#compdef ollama-tui
# ollama-tui: source <(ollama-tui completion zsh), after compinit
_ollama_tui() {
    local -a found commands
    local command="" at=2
    while ((at < CURRENT)); do
        case ${words[at]} in
            --host|--model|--session|--prompt) ((at += 2));;
            -*) ((at += 1));;
            *) command=${words[at]}; break;;
        esac
    done
    case $command in
@cases@
        *) found=(@main@);;
    esac
    compadd -a found
    [[ $PREFIX == [./~]* ]] && _files
    return 0
}
compdef _ollama_tui ollama-tui
"""
_ZSH_CASE = "        {name}) found=({words});;"
_ZSH_ASK = '"${(@f)$({ask})}"'

_FISH = """\
# ollama-tui: ollama-tui completion fish | source
@cases@
"""
_FISH_COMMAND = "complete -c ollama-tui -n __fish_use_subcommand -a {name} -d '{about}'"
_FISH_WORDS = "complete -c ollama-tui -n '__fish_seen_subcommand_from {name}' {files} -a '{words}'"
_WITH_FILES = ("create", "export")
_FISH_ASK = "({ask})"
_FISH_MAIN = "complete -c ollama-tui -n __fish_use_subcommand -f -a '{words}'"


def add_to(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("shell", choices=["bash", "zsh", "fish"], help=_("your shell"))


async def run(options: Namespace, _services: Services) -> int:
    """Print the script."""
    tell({"bash": _bash, "zsh": _zsh, "fish": _fish}[options.shell]().rstrip())
    return OK


def _bash() -> str:
    return _filled(_BASH, _BASH_CASE, _ASK)


def _zsh() -> str:
    return _filled(_ZSH, _ZSH_CASE, _ZSH_ASK)


def _fish() -> str:
    lines = [_FISH_MAIN.format(words=" ".join(_options(main_parser())))]
    for command in COMMANDS:
        about = command.about.replace("'", "\\'")
        lines.append(_FISH_COMMAND.format(name=command.name, about=about))
        words = _after(command.name, _FISH_ASK)
        files = "-F" if command.name in _WITH_FILES else "-f"
        lines.append(_FISH_WORDS.format(name=command.name, files=files, words=words))
    return _FISH.replace("@cases@", "\n".join(lines))


def _filled(script: str, case: str, ask: str) -> str:
    cases = [case.format(name=each.name, words=_after(each.name, ask)) for each in COMMANDS]
    main = " ".join([*(each.name for each in COMMANDS), *_options(main_parser())])
    return script.replace("@cases@", "\n".join(cases)).replace("@main@", main)


def _after(name: str, ask: str) -> str:
    """What may stand behind a command."""
    words = [*_options(command_parser(name)), *_WORDS.get(name, "").split()]
    models = [ask.replace("{ask}", _MODELS[name])] if name in _MODELS else []
    return " ".join([*words, *models])


def _options(parser: ArgumentParser) -> list[str]:
    """The long options of a parser, which tells them in its help alone."""
    return sorted({*_OPTION.findall(parser.format_help())})
