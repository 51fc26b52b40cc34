"""The baselines of `cargo xtask bench understand`, as a child process: each line on stdin is a request, each line on stdout
its answer, both JSON.

    {"task": "vader", "texts": [...]}      -> {"answers": ["positive" | "neutral" | "negative", ...]}
    {"task": "presidio", "texts": [...]}   -> {"answers": [[[start, end, "TYPE"], ...], ...]}
    {"task": "langdetect", "texts": [...]} -> {"answers": ["en" | "und" | ..., ...]}
    {"task": "lingua", "texts": [...]}     -> the same
    {"task": "keywords", "texts": [...]}   -> {"answers": [true | false, ...]}
    {"task": "load", "texts": [...]}       -> {"answers": []}: the texts that `speed` reads
    {"task": "speed", "count": 100}        -> {"seconds": processor time of VADER and Presidio's patterns on the next 100}

Each baseline is loaded when it is first asked for.
"""

import functools
import json
import logging
import re
import sys
import time
from importlib.metadata import version

# What is loaded by a baseline in passing (a list of domains, say) falls back on its own copy without the net; no need to say so.
logging.disable(logging.CRITICAL)

# Phrases that a list of words for crises has; written by hand after the guide to the labels, tuned on nothing.
CRISIS = re.compile(
    r"\b(suicid\w*|kill(ing)? (myself|himself|herself|themselves)|end(ing)? (my|his|her|their|it all|my own) life|end it all|"
    r"take my (own )?life|want(s)? to die|wish i (was|were) dead|better off dead|self[- ]?harm\w*|cut(ting)? myself|"
    r"hurt(ing)? myself|harm(ing)? myself|overdos\w*|no reason to live|don'?t want to (live|be alive|be here)|kms|"
    r"suicid(io|arme|arse)|matarme|quitarme la vida|quiero morir|no quiero vivir|acabar con mi vida|hacerme dano|hacerme daño)\b",
    re.IGNORECASE,
)

# What our list of languages has, under the names of each baseline.
ISO = "ar bn de en es fa fr hi it ja ko nl pl pt ru so tl tr uk ur vi zh".split()


@functools.cache
def vader():
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def feeling(text):
    compound = vader().polarity_scores(text)["compound"]
    return "positive" if compound >= 0.05 else "negative" if compound <= -0.05 else "neutral"


@functools.cache
def recognisers():
    """Presidio's recognisers of English that need no language model: patterns with their validators, and phone numbers."""
    from presidio_analyzer import PatternRecognizer, RecognizerRegistry
    from presidio_analyzer.predefined_recognizers import PhoneRecognizer

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    return [one for one in registry.recognizers if isinstance(one, (PatternRecognizer, PhoneRecognizer))]


def spans(text):
    found = []
    for one in recognisers():
        found += one.analyze(text, one.supported_entities, None) or []
    return [[span.start, span.end, span.entity_type] for span in found]


def langdetect(text):
    from langdetect import DetectorFactory, detect
    from langdetect.lang_detect_exception import LangDetectException

    DetectorFactory.seed = 0
    try:
        return detect(text).split("-")[0]
    except LangDetectException:
        return "und"


@functools.cache
def detector():
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    # Only the languages of our list: that is to lingua's advantage.
    codes = [getattr(IsoCode639_1, code.upper()) for code in ISO]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_preloaded_language_models().build()


def lingua(text):
    found = detector().detect_language_of(text)
    return "und" if found is None else found.iso_code_639_1.name.lower()


ANSWERS = {
    "vader": feeling,
    "presidio": spans,
    "langdetect": langdetect,
    "lingua": lingua,
    "keywords": lambda text: CRISIS.search(text) is not None,
}

loaded, at = [], 0


def speed(count):
    global at
    vader(), recognisers()
    begin = time.process_time()
    for _ in range(count):
        feeling(loaded[at])
        spans(loaded[at])
        at = (at + 1) % len(loaded)
    return time.process_time() - begin


def answer(request):
    global loaded
    match request["task"]:
        case "versions":
            names = ["vaderSentiment", "presidio-analyzer", "langdetect", "lingua-language-detector"]
            python = ".".join(map(str, sys.version_info[:3]))
            return {"answers": ["Python " + python] + [f"{name} {version(name)}" for name in names]}
        case "load":
            loaded = request["texts"]
            return {"answers": []}
        case "speed":
            return {"seconds": speed(request["count"])}
        case task:
            return {"answers": [ANSWERS[task](text) for text in request["texts"]]}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
