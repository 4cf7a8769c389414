"""Which pronouns a subject may answer to, read from the sentence that defines it."""

from __future__ import annotations

import re

_PREDICATE = re.compile(
    r"\b(?:is|was|are|were)\s+(?:(?:also|currently|formerly)\s+)?"
    r"(?:an?|the|one of the)\s+(?P<rest>[^.;(]+)"
)
_PHRASE_END = re.compile(
    r",|\s(?:of|in|on|at|by|from|for|to|with|who|whose|that|which|where|as|near|during|"
    r"between|currently|best|better|set|born|built|made|written|sung|drawn|shot|spoken|held|run|led|known|starring|working|"
    r"playing|serving|competing|consisting|"
    r"(?!(?:retired|animated|unincorporated|limited|mixed|naturali[sz]ed)\b)[a-z]+ed)(?=[\s,]|$)"
)
_LIFE = re.compile(r"\b(?:born|foaled)\b|\([^()]*\b\d{4}\b[^()]*[-–][^()]*\b\d{4}\)")
_PERSONS = frozenset(
    "quarterback linebacker cornerback fullback halfback guard champion medalist medallist "
    "chairman king queen prince bishop pope cardinal saint monk nun athlete coach judge chef model "
    "diplomat member poet priest secretary general admiral captain colonel knight baron earl count "
    "businessperson celebrity hero person son daughter wife husband brother sister candidate "
    "jockey executive professional recipient critic heir personality pilot outlaw comic host back "
    "end safety magnate tycoon gymnast attorney justice luchador enmascarado superhero figure duke "
    "mathematician senator wrestler".split()
)
_PERSONAL = re.compile(r"[a-z]+(?:er|or|ist|ian|man|woman|eer|ess|ant|eur)")
_EITHER = frozenset(
    "ship submarine destroyer cruiser frigate schooner vessel racehorse horse thoroughbred "
    "developer manufacturer publisher broadcaster constructor operator provider contractor owner "
    "trainer producer retailer figure champion recipient host member".split()
)
_THINGS = frozenset(
    "list river tower newspaper number center theater thriller chapter carrier bomber fighter "
    "helicopter freighter steamer liner crater glacier corridor motor reactor tractor order power "
    "layer quarter border letter poster cancer water flower paper cylinder router container "
    "transmitter platformer shooter harbor manor error floor mirror sector vector anchor computer "
    "printer cutter tanker trawler cluster disorder chamber filter register blockbuster skyscraper "
    "automaker seater tier meter orbiter restaurant plant variant process congress fortress "
    "address express wilderness tributary header cover summer winter semester encounter dodder "
    "beer fiber descent crescent grant honor major territor career tender offer buffer career "
    "matter master character spider user tiger deer oyster butter pepper ginger cider "
    "supercluster quarter ladder folder former business american canadian italian australian "
    "indian norwegian brazilian russian ukrainian african mexican".split()
)

_GROUPS = frozenset(
    "band team group duo trio quartet quintet ensemble orchestra choir club squad side couple "
    "franchise supergroup brothers sisters twins".split()
)


def head_noun(definition: str) -> str:
    """Return what a defining sentence calls its subject: "X is a film by Y." -> "film".

    "" where the sentence does not say "is a", "was the" or the like.
    """
    predicate = _PREDICATE.search(definition)
    if not predicate:
        return ""
    phrase = _PHRASE_END.split(predicate["rest"], maxsplit=1)[0].removesuffix(" and").split()
    return phrase[-1].rpartition("-")[2].casefold() if phrase else ""


def may_be(pronoun: str, definition: str) -> bool:
    """Tell whether what a sentence defines may be called he, she, it or they.

    Args:
        pronoun: A pronoun or possessive of the third person, in lower case.
        definition: The first sentence about the subject; "" if there is none. Nobody is
            called they without one.
    """
    noun = head_noun(definition)
    if pronoun in ("they", "their"):
        return noun in _GROUPS
    if not definition or noun in _EITHER:
        return True
    person = noun not in _THINGS and (
        noun in _PERSONS
        or _PERSONAL.fullmatch(noun) is not None
        or _LIFE.search(definition) is not None
    )
    return person != (pronoun in ("it", "its"))
