#!/usr/bin/env bash
# Makes the model that ships (its `pretrained`), fine-tunes it and evaluates, from data packs.
#
#   benchmarks/default_model.sh DATA WHEEL OUT
#
# DATA holds the unpacked packs docs_wtq, docs_enwiki, ottqa_docs, rc and fetaqa. Every step is
# resumable: after an interruption, run the same command again. As it stands it takes two CPU
# cores about three hours. On a GPU, everything there is to learn, at the full input length:
#
#   DEVICE=cuda QUESTION_STEPS=0 STEPS=0 BUDGETS='64 512' benchmarks/default_model.sh ...
set -euo pipefail
data=$(realpath "$1") wheel=$(realpath "$2") out=$3
device=${DEVICE:-cpu}
mkdir -p "$out" && cd "$out"

[ -f backbone/config.json ] || gentap import-backbone "$wheel" -o backbone

# Wikipedia is the domain of the questions that are wanted, so its part counts twice.
wiki=$data/rc/squadshifts_new_wiki.json
gentap train-questions "$wiki" "$wiki" "$data/rc/squadshifts_amazon_reviews.json" \
    "$data/rc/squadshifts_reddit.json" "$data/rc/qamr/readable_dev.tsv" -o questions \
    --backbone backbone --max-steps "${QUESTION_STEPS:-450}" --freeze-embeddings --seed 1 \
    --device "$device"
[ -d questions-light ] || gentap export questions -o questions-light

# No page of the evaluation set is read.
gentap harvest "$data/docs_wtq" "$data/docs_enwiki" "$data/ottqa_docs" -o harvest --workers 2 \
    --exclude "$data/fetaqa/dev.jsonl" --keep-dropped --license "CC BY-SA"
gentap synthesize harvest -o examples --question-model questions-light --per-table 40 \
    --definitions 0.42 --seed 0

read -r -a budgets <<<"${BUDGETS:-64 192}"
gentap pretrain examples -o pretrained --backbone backbone --budgets "${budgets[@]}" \
    --max-steps "${STEPS:-600}" --freeze-embeddings --seed 0 --device "$device"

# The same fine-tuning twice: of the pretrained model, and of the backbone for comparison.
tune=(--budgets 128 320 --epochs 2 --freeze-embeddings --seed 0 --device "$device")
gentap finetune pretrained "$data/fetaqa/train_partial.jsonl" -o tuned --rehearse examples \
    "${tune[@]}"
gentap finetune backbone "$data/fetaqa/train_partial.jsonl" -o backbone-tuned "${tune[@]}"

for model in pretrained tuned backbone-tuned; do
    [ -d "$model-light" ] || gentap export "$model" -o "$model-light"
done
gentap evaluate pretrained-light tuned-light backbone-tuned-light floor:copy-question \
    floor:best-row "$data/fetaqa/dev.jsonl" -o results
