"""Routing: which kind of answer a question wants, about whom, and which look-ups it needs.

Facts: the client's record. A rule: the playbook. A recommendation: both at once. Anything else: a refusal
without any look-up. Words select a record among names and a kind of answer; a figure counts only where no
client is meant. Pure.
"""

from collections.abc import Sequence
from dataclasses import replace

from casewright.desk import Names, Question, Wanted
from casewright.desks.sales.asked import (
    CLIENT_LOOKUP,
    LISTING,
    TOOLS_OF,
    Asked,
    Field,
    Kind,
)
from casewright.desks.sales.choosing import choose, is_denied, is_reply, tells_place
from casewright.desks.sales.facts import Industry, Product
from casewright.desks.sales.figures import Figure
from casewright.desks.sales.manner import (
    asks_closed,
    is_hypothetical,
    is_in_general,
    is_listing,
    is_open_question,
    is_order_within,
    is_yes_or_no,
)
from casewright.desks.sales.name_units import name_words, split_name
from casewright.desks.sales.names import Name
from casewright.desks.sales.periods import Period, read_periods
from casewright.desks.sales.queries import build_query
from casewright.desks.sales.reading import Reading, read_question
from casewright.domain.answer import Memory

_MOST_CLIENTS = 3


def route(question: Question, names: Names) -> Wanted:
    """Read a question and say what it needs."""
    known = names()
    asked = read_asked(question, known)
    query = build_query(asked, question.as_of)
    return Wanted(asked.kind.value, asked, TOOLS_OF[asked.kind], asked.client_ids, query)


def read_asked(question: Question, names: Sequence[Name]) -> Asked:
    """The question as codes, ids and figures, with what the conversation was about before."""
    reading = read_question(question.text, names)
    memory = question.memory
    resumed = _resume(reading, memory, question.text, names) or _explain(reading, memory)
    if resumed is not None:
        return resumed
    chat = _chat_of(reading)
    if chat is not None:
        return Asked(Kind.UNCLEAR, topics=frozenset({chat}))
    client_ids = tuple(one.client_id for one in reading.clients if one.client_id is not None)
    if client_ids and memory.client_ids and memory.kind is not None and _compares(reading):
        return _as_before(memory, tuple(dict.fromkeys(memory.client_ids + client_ids))[:_MOST_CLIENTS])
    candidates = tuple(dict.fromkeys(name for one in reading.clients for name in one.candidates))
    is_elsewhere = _is_off_topic(reading, has_client=bool(client_ids or candidates))
    is_unknown = not is_elsewhere and _is_unknown_client(reading, memory) and not is_listing(reading)
    periods = read_periods(reading.plain, question.as_of)
    asks_prices = _asks_prices(reading, periods)
    is_told = bool(client_ids or candidates or is_unknown or is_elsewhere)
    if not is_told and _follows(reading, memory, asks_prices=asks_prices):
        client_ids = memory.client_ids
    has_client = bool(client_ids or candidates or is_unknown)
    kind = Kind.OFF_TOPIC
    if not is_elsewhere:
        kind = _kind_of(reading, memory, periods, asks_prices=asks_prices, has_client=has_client)
    if kind in (Kind.OFF_TOPIC, Kind.UNCLEAR):
        return Asked(kind, topics=frozenset({LISTING} if is_listing(reading) else ()))
    if client_ids and memory.kind is not None and _is_about_the_same(reading):
        both = memory.client_ids if reading.has("manner:compare") and len(client_ids) == 1 else ()
        return _as_before(memory, tuple(dict.fromkeys((*both, *client_ids)))[:_MOST_CLIENTS])
    asks_overdue = reading.has("manner:overdue") and not (
        reading.has("intents:recommend", "intents:offers") or reading.of("products")
    )
    industries = tuple(Industry(name) for name in reading.of("industries"))
    spends = reading.figures.spends
    is_completed = kind is Kind.RULE and memory.industry is not None and reading.has("ellipsis:ellipsis")
    if is_completed:
        industries, spends = _complete(industries, spends, memory)
    asked = Asked(
        kind=kind,
        fields=_fields_of(reading, kind),
        client_ids=() if candidates else client_ids[:_MOST_CLIENTS],
        candidates=candidates,
        near=tuple(name for one in reading.clients for name in one.near),
        is_unknown_client=is_unknown,
        has_more_clients=len(client_ids) > (0 if candidates else _MOST_CLIENTS),
        industries=industries,
        spends=spends,
        days_since_meeting=reading.figures.days_since_meeting,
        products=tuple(Product(name) for name in reading.of("products")),
        topics=_topics_of(reading, kind, asks_prices=asks_prices),
        asks_prices=asks_prices,
        periods=periods,
        wants_pitch=_wants_pitch(reading, asks_prices=asks_prices) and not asks_overdue,
        is_advice=reading.has(*_ADVICE) or (is_completed and "advice:yes" in memory.topics),
        asks_overdue=asks_overdue,
        is_other_period=bool(periods) and not asks_prices,
    )
    return _with_manner(asked, reading)


def _with_manner(asked: Asked, reading: Reading) -> Asked:
    """How it is asked: as a choice, turned round, for a difference, for more than a record holds."""
    return replace(
        asked,
        names_another=reading.names_another,
        asks_how_long=reading.has("topics:how_long") or reading.figures.days_since_meeting is not None,
        is_about_matters=reading.has("matters:matters"),
        is_negated=reading.has("manner:forbidden"),
        asks_rule=reading.has("intents:rule"),
        names_industry=bool(reading.of("industries")),
        asks_closed=asks_closed(reading),
        asks_difference=reading.has("manner:difference"),
        asks_unheld=reading.has("manner:unheld")
        and not (asked.kind is Kind.RECOMMENDATION and is_hypothetical(reading)),
        is_yes_or_no=is_yes_or_no(reading.plain),
        is_open_question=is_open_question(reading.plain),
        is_choice=bool({"or", "naki", "নাকি"} & set(reading.plain.split())),
        plain=reading.plain,
    )


def _asks_prices(reading: Reading, periods: Sequence[Period]) -> bool:
    """Whether prices are asked about, in whatever words: an amount of money that is no client's spend."""
    if reading.has("pricing:pricing"):
        return True
    is_sold = bool(reading.of("products") or periods)
    return is_sold and reading.has("maybe_pricing:maybe_pricing") and not reading.has("intents:spend")


_ABOUT_RECORDS = (
    "intents:spend",
    "intents:industry",
    "intents:meeting",
    "intents:manager",
    "intents:identity",
)
_ADVICE = ("intents:recommend", "intents:frame")
_SALES = (*_ABOUT_RECORDS, "intents:recommend", "intents:rule", "intents:playbook")


def _subjects(reading: Reading) -> int:
    """How many things of this desk's world are spoken of."""
    return sum(
        (
            bool(reading.of("products")),
            bool(reading.of("industries")),
            bool(set(reading.of("topics")) - {"how_long"}),
            bool(reading.figures.spends),
            reading.has("business:business"),
            reading.has("intents:rule", "intents:playbook"),
            reading.has("intents:recommend"),
            reading.has("intents:spend"),
            reading.has("intents:industry"),
            reading.has("intents:manager"),
            reading.has("intents:meeting"),
            reading.has("matters:matters"),
            reading.has("pricing:pricing"),
        )
    )


def _is_off_topic(reading: Reading, *, has_client: bool) -> bool:
    if reading.has("off_topic:off_topic"):
        needed = 1 if has_client else 3
        asked = sum(reading.has(name) for name in _SALES) if has_client else _subjects(reading)
        return asked < needed
    return False


def _is_unknown_client(reading: Reading, memory: Memory) -> bool:
    """A name that no client has, in a question about a client; "does Ana handle it?" names a person."""
    if not reading.has_unknown_name or reading.clients:
        return False
    if memory.client_ids and reading.has("intents:manager") and reading.has("references:references"):
        return False
    if reading.has(*_ABOUT_RECORDS, "intents:recommend", "intents:visit"):
        return True
    return reading.has_capital_name and reading.has(
        "intents:overview", "intents:frame", "business:business", "intents:rule"
    )


_OF_THE_PLAYBOOK = (
    "topics:restricted_list",
    "topics:approval",
    "topics:spend_rule",
    "topics:precedence",
    "topics:every_industry",
    "topics:define_premium",
    "topics:define_performance",
    "topics:unknown_spend",
    "topics:unknown_industry",
    "topics:unknown_meeting",
)
"""Topics that are asked about for every client at once."""


def _follows(reading: Reading, memory: Memory, *, asks_prices: bool) -> bool:
    """Whether a question without a name goes on about the clients of the turn before."""
    if not memory.client_ids or reading.of("industries") or is_in_general(reading):
        return False
    if memory.industry is not None and not reading.has("references:references"):
        return False
    if reading.has("references:references"):
        return True
    if reading.has("intents:rule", "intents:playbook", "matters:matters", *_OF_THE_PLAYBOOK):
        return False
    if reading.figures.spends or asks_prices:
        return False
    if reading.has("ellipsis:ellipsis") and _subjects(reading):
        return True
    return reading.has(*_ABOUT_RECORDS, *_ADVICE) or bool(reading.of("products"))


def _kind_of(
    reading: Reading, memory: Memory, periods: Sequence[Period], *, asks_prices: bool, has_client: bool
) -> Kind:
    if has_client:
        return _kind_about_client(reading, asks_prices=asks_prices)
    is_case = bool(reading.of("industries") or reading.figures.spends or "client" in reading.plain)
    is_case = is_case or reading.has("topics:precedence")
    if set(reading.plain.split()) & _PERSONS and not is_case and _subjects(reading):
        return Kind.UNCLEAR
    if is_listing(reading):
        return Kind.UNCLEAR
    subjects = _subjects(reading)
    is_ours = subjects > 1 or reading.is_distinct or (reading.is_brief and reading.is_known and subjects > 0)
    is_record = reading.has(*_ABOUT_RECORDS, "intents:recommend", "references:references")
    topics = set(reading.of("topics")) - {"how_long"}
    has_subject = bool(reading.of("industries") or topics or reading.of("products") or reading.figures.spends)
    if is_ours and (has_subject or reading.has("intents:rule", "intents:playbook", "matters:matters")):
        return Kind.RULE
    if memory.industry is not None and reading.has("ellipsis:ellipsis") and has_subject:
        return Kind.RULE
    if asks_prices and (periods or has_subject or reading.is_known or reading.has("business:business")):
        return Kind.RULE
    if is_record and subjects:
        if reading.has("business:business") and not reading.is_brief:
            return Kind.RULE
        is_meant = reading.has("references:references", "business:business") or reading.is_known
        return Kind.UNCLEAR if is_meant else Kind.OFF_TOPIC
    return Kind.RULE if is_ours and reading.has("business:business") else Kind.OFF_TOPIC


_PERSONS = frozenset({"they", "them", "their", "theirs", "he", "she", "him", "tader", "oder", "tara", "ora"})


def _chat_of(reading: Reading) -> str | None:
    """A greeting, thanks or a call for help, where nothing else is said."""
    found = reading.of("chat")
    if not found or reading.clients or reading.has_unknown_name or _subjects(reading) or not reading.is_known:
        return None
    return "help" if "help" in found else found[0]


def _explain(reading: Reading, memory: Memory) -> Asked | None:
    """Why the answer before says what it says."""
    if memory.kind is None or reading.clients or not (reading.is_brief or reading.is_known):
        return None
    has_own = (
        reading.of("products") or reading.of("industries") or reading.of("topics") or reading.figures.spends
    )
    if has_own or reading.has(*_ABOUT_RECORDS, *_ADVICE) or not reading.has("manner:why", "manner:source"):
        return None
    return replace(_as_before(memory, memory.client_ids, kind=Kind(memory.kind)), asks_why=True)


def _kind_about_client(reading: Reading, *, asks_prices: bool) -> Kind:
    is_pitch = bool(reading.of("products")) or reading.has("intents:recommend", "topics:premium")
    if reading.has("manner:unheld") and not is_pitch:
        return Kind.FACTS
    if reading.has("manner:overdue"):
        return Kind.RECOMMENDATION
    has_subject = bool(
        reading.of("products") or set(reading.of("topics")) - {"how_long", "stale", "boundary"}
    )
    is_advice = reading.has(*_ADVICE, "intents:offers")
    if reading.has(*_ABOUT_RECORDS) and not is_advice:
        is_fact = not has_subject and not reading.has("intents:rule", "intents:playbook")
        return Kind.FACTS if is_fact else Kind.RECOMMENDATION
    is_visit = reading.has("intents:visit") and not reading.has("intents:overview")
    if is_advice or has_subject or is_visit or reading.of("topics"):
        return Kind.RECOMMENDATION
    is_ruled = asks_prices or reading.has("intents:rule", "intents:playbook")
    return Kind.RECOMMENDATION if is_ruled else Kind.FACTS


def _fields_of(reading: Reading, kind: Kind) -> tuple[Field, ...]:
    """What of the record is asked; all of it where nothing is named."""
    found = tuple(Field(name) for name in reading.of("intents") if name in set(Field))
    if kind is Kind.FACTS:
        named = tuple(one for one in found if one is not Field.OVERVIEW)
        if not named and reading.of("industries"):
            return (Field.INDUSTRY,)
        if not named and reading.figures.spends:
            return (Field.SPEND,)
        if not named and reading.has("manner:unheld"):
            return ()
        return named or (Field.OVERVIEW,)
    if reading.has("manner:prep") and Field.MEETING not in found:
        found += (Field.MEETING,)
    return tuple(one for one in found if one in (Field.MEETING, Field.MANAGER, Field.IDENTITY))


def _topics_of(reading: Reading, kind: Kind, *, asks_prices: bool) -> frozenset[str]:
    """A last meeting in a question about rules is one that is too old; prices may be talked of."""
    topics = frozenset(reading.of("topics"))
    if is_order_within(reading):
        topics -= {"precedence"}
    if asks_prices:
        topics |= {"prices", "restricted_list"} if reading.has("intents:talk") else {"prices"}
    is_said = reading.has("intents:meeting") or reading.figures.days_since_meeting is not None
    is_meeting = kind is Kind.RULE and is_said and "unknown_meeting" not in topics
    return topics | {"stale"} if is_meeting else topics


def _wants_pitch(reading: Reading, *, asks_prices: bool) -> bool:
    """Whether something is to be pitched, beside a price that is spoken of."""
    return not asks_prices or reading.has("intents:visit", "intents:recommend")


def _complete(
    industries: tuple[Industry, ...], spends: tuple[Figure, ...], memory: Memory
) -> tuple[tuple[Industry, ...], tuple[Figure, ...]]:
    """What a follow-up leaves out is what the question before said."""
    if not industries and memory.industry is not None:
        industries = (Industry(memory.industry),)
    if not spends and memory.spend_minor is not None:
        spends = (Figure(memory.spend_minor, None, 0, 0),)
    return industries, spends


def _resume(reading: Reading, memory: Memory, text: str, names: Sequence[Name]) -> Asked | None:
    """The question before, about the one of the offered clients that is now picked."""
    if not memory.offered or memory.kind is None:
        return None
    offered = [name for name in names if name[0] in memory.offered]
    offered.sort(key=lambda name: memory.offered.index(name[0]))
    left = [client_id for client_id, _ in offered if client_id not in memory.client_ids]
    if reading.has("manner:other_one") and not reading.clients and len(left) == 1 < len(offered):
        return None if is_denied(text) else _as_before(memory, (left[0],))
    picked = _pick(reading, text, offered)
    if picked is not None:
        return _as_before(memory, (picked,))
    is_open = not memory.client_ids and _speaks_of(reading, text, offered)
    return replace(_as_before(memory, ()), candidates=tuple(offered)) if is_open else None


def _pick(reading: Reading, text: str, offered: Sequence[Name]) -> str | None:
    """The one that a reply names; one that is misspelt only where nothing is turned down."""
    picked = choose(text, offered)
    if picked is not None or reading.has(*_SALES) or is_denied(text):
        return picked
    if len(offered) == 1 and reading.is_brief and not name_words("yes").isdisjoint(split_name(text)[:1]):
        return offered[0][0]
    is_named = bool(reading.clients) and not tells_place(text, offered)
    among = read_question(text, offered).clients if is_named else ()
    return among[0].client_id if len(among) == 1 else None


def _speaks_of(reading: Reading, text: str, offered: Sequence[Name]) -> bool:
    """Whether a reply that picks nobody is about the list, so that it is asked again."""
    if reading.has("off_topic:off_topic", "intents:rule", "intents:playbook") or reading.of("chat"):
        return False
    ids = {client_id for client_id, _ in offered}
    for one in reading.clients:
        if ids.isdisjoint((one.client_id, *(client_id for client_id, _ in one.candidates))):
            return False
        if one.client_id is not None and reading.has(*_SALES) and not is_denied(text):
            return False
    return is_reply(text, offered)


def _as_before(memory: Memory, client_ids: tuple[str, ...], kind: Kind | None = None) -> Asked:
    """The question before, about other clients."""
    codes = [tuple(code.split(":", 1)) for code in memory.topics]
    if kind is None:
        kind = Kind(memory.kind or Kind.RECOMMENDATION)
        kind = kind if CLIENT_LOOKUP in TOOLS_OF[kind] else Kind.RECOMMENDATION
    is_rule = kind is Kind.RULE
    return Asked(
        kind=kind,
        industries=(Industry(memory.industry),) if is_rule and memory.industry else (),
        spends=(Figure(memory.spend_minor, None, 0, 0),)
        if is_rule and memory.spend_minor is not None
        else (),
        asks_overdue=("overdue", "yes") in codes,
        is_advice=("advice", "yes") in codes,
        fields=tuple(Field(value) for group, value in codes if group == "field"),
        client_ids=client_ids,
        products=tuple(Product(value) for group, value in codes if group == "product"),
        topics=frozenset(value for group, value in codes if group == "topic"),
        asks_prices=("prices", "yes") in codes,
        periods=tuple(Period.from_code(value) for group, value in codes if group == "period"),
        wants_pitch=("pitch", "yes") in codes,
        asks_how_long=("topic", "how_long") in codes,
    )


def _compares(reading: Reading) -> bool:
    """ "Compare with Beacon Trust": the clients before, beside another one."""
    return len(reading.clients) == 1 and not name_words("compare").isdisjoint(reading.plain.split())


def _is_about_the_same(reading: Reading) -> bool:
    """ "And for Beacon Trust?": another client, and nothing else that is asked."""
    has_own = reading.has(*_SALES, *_ADVICE, "intents:overview", "intents:visit", "pricing:pricing")
    return reading.has("ellipsis:ellipsis", "manner:same", "manner:compare") and not (
        has_own or reading.of("products") or reading.of("topics")
    )


def _still_offered(asked: Asked, memory: Memory) -> tuple[str, ...]:
    """What was offered stays while one of it is spoken of: "and the other one?" """
    if asked.candidates:
        return tuple(client_id for client_id, _ in asked.candidates)
    return memory.offered if set(asked.client_ids) & set(memory.offered) else ()


def remember(asked: Asked, memory: Memory, spend_minor: int | None) -> Memory:
    """What the next question may lean on: ids, codes and figures."""
    if asked.kind in (Kind.OFF_TOPIC, Kind.UNCLEAR):
        return memory
    codes = [f"field:{one}" for one in asked.fields]
    codes += [f"product:{one}" for one in asked.products]
    codes += [f"topic:{one}" for one in sorted(asked.topics)]
    codes += ["prices:yes"] if asked.asks_prices else []
    codes += [f"period:{one.to_code()}" for one in asked.periods]
    codes += ["overdue:yes"] if asked.asks_overdue else []
    codes += ["pitch:yes"] if asked.wants_pitch else []
    codes += ["advice:yes"] if asked.is_advice else []
    is_about_nobody = asked.kind is Kind.RULE
    return Memory(
        client_ids=memory.client_ids if is_about_nobody else asked.client_ids,
        offered=_still_offered(asked, memory),
        kind=asked.kind.value,
        industry=asked.industries[0].value if is_about_nobody and asked.industries else None,
        spend_minor=spend_minor if is_about_nobody else None,
        topics=tuple(codes),
    )
