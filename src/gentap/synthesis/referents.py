"""What kind of thing a subject is, read from the sentence that defines it."""

from __future__ import annotations

import re

_PREDICATE = re.compile(
    r"\b(?:is|was|are|were)\s+(?:(?:also|currently|formerly|best known as)\s+)?"
    r"(?:an?|the|one of the|any of)\s+(?P<rest>[^.;(]+)"
)
_PHRASE_END = re.compile(
    r",|\s(?:of|in|on|at|by|from|for|to|with|who|whose|that|which|where|and|or|as|near|"
    r"during|between|based|set|born|[a-z]+(?:ed|ing)|built|made|held|run|led|known)(?=\s|,|$)"
)
_PERSONS = frozenset(
    "quarterback linebacker cornerback fullback halfback midfielder forward guard pitcher catcher "
    "champion medalist medallist president chairman king queen prince princess emperor duke "
    "bishop pope cardinal saint monk nun athlete cyclist coach judge chef model diplomat member "
    "poet architect priest minister secretary general admiral captain lieutenant colonel sergeant "
    "soldier knight baron earl count lady lord surgeon businessperson activist celebrity "
    "playwright scholar scientist hero person son daughter wife husband brother sister candidate "
    "golfer goalkeeper umpire referee jockey cinematographer executive professional tackle "
    "recipient veteran advocate critic heir socialite personality entrepreneur aviator pilot "
    "spy pirate outlaw slave comic contestant star host back end safety fielder magnate chess "
    "mathematician engineer physician pianist mayor governor senator".split()
)
_PERSONAL = re.compile(r"[a-z-]+(?:er|or|ist|ian|man|woman|eer|ess|ant|ent)")
_THINGS = frozenset(
    "river tower newspaper number center theater thriller chapter cruiser destroyer carrier "
    "bomber fighter helicopter freighter steamer liner crater glacier corridor motor reactor "
    "tractor order power layer quarter border letter poster cancer water flower paper cylinder "
    "router container transmitter simulator platformer shooter harbor manor color error floor "
    "mirror sector tumor vector anchor computer printer schooner cutter tanker trawler minesweeper "
    "minelayer submarine cluster disorder chamber filter register master blockbuster headliner "
    "planet event tournament element settlement document department government agreement movement "
    "monument parliament instrument continent component equipment apartment development regiment "
    "restaurant plant variant talent comment mountain caption print process congress fortress "
    "business address cypress express wilderness illness boxer terrier beer fiber supercomputer "
    "establishment tributary header folder cover summer winter semester encounter adventure "
    "achievement amendment assessment environment experiment government shipment treatment "
    "precedent incident accident descent percent patent tent vent crescent supplement".split()
)


def head_noun(definition: str) -> str:
    """Return what a defining sentence calls its subject: "X is a film by Y." -> "film".

    "" where the sentence does not say "is a", "was the" or the like.
    """
    predicate = _PREDICATE.search(definition)
    if not predicate:
        return ""
    phrase = _PHRASE_END.split(predicate["rest"], maxsplit=1)[0].split()
    return phrase[-1].rpartition("-")[2].casefold() if phrase else ""


def is_person(definition: str) -> bool:
    """Tell whether a defining sentence speaks of a human being."""
    noun = head_noun(definition)
    if noun in _THINGS:
        return False
    return noun in _PERSONS or _PERSONAL.fullmatch(noun) is not None or " born " in definition
