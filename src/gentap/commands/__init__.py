"""What each verb of the command line does: a few calls each, heavy imports inside."""

from gentap.commands.answering import ask
from gentap.commands.evaluation import evaluate, score
from gentap.commands.synthesis import harvest, synthesize
from gentap.commands.training import (
    build,
    export,
    finetune,
    import_backbone,
    pretrain,
    train_questions,
)

__all__ = [
    "ask",
    "build",
    "evaluate",
    "export",
    "finetune",
    "harvest",
    "import_backbone",
    "pretrain",
    "score",
    "synthesize",
    "train_questions",
]
