#!/usr/bin/env bash
# Makes the question generator that ships, pretrains with what it asks, fine-tunes and evaluates, from
# data packs. (The model that ships was made by an earlier version of this; see its card.)
#
#   benchmarks/default_model.sh DATA WHEEL OUT
#
# DATA holds the unpacked packs docs_wtq, docs_enwiki, ottqa_docs, rc and fetaqa. Every step is
# resumable: after an interruption, run the same command again. As it stands it takes two CPU
# cores about five hours. On a GPU, everything there is to learn, up to full inputs:
#
#   DEVICE=cuda QUESTION_STEPS=0 STEPS=0 MORE_STEPS=0 BUDGETS='64 256 128 512' \
#       benchmarks/default_model.sh ...
set -euo pipefail
data=$(realpath "$1") wheel=$(realpath "$2") out=$3
device=${DEVICE:-cpu}
mkdir -p "$out" && cd "$out"

[ -f backbone/config.json ] || gentap import-backbone "$wheel" -o backbone

# Wikipedia is the domain of the questions that are wanted, so its part counts twice; QAMR and the
# part of reddit are left for scoring.
wiki=$data/rc/squadshifts_new_wiki.json
gentap train-questions "$wiki" "$wiki" "$data/rc/squadshifts_amazon_reviews.json" \
    "$data/rc/policyqa_dev.json" -o questions --backbone default --freeze-encoder --layers 6 \
    --max-steps "${QUESTION_STEPS:-600}" --seed 1 --device "$device"
[ -d questions-light ] || gentap export questions -o questions-light --beside default

# No page of the evaluation set is read.
gentap harvest "$data/docs_wtq" "$data/docs_enwiki" "$data/ottqa_docs" -o harvest --workers 2 \
    --exclude "$data/fetaqa/dev.jsonl" --keep-dropped --license "CC BY-SA"
gentap synthesize harvest -o examples --question-model questions-light --per-table 40 --seed 0

# Short inputs first, which are cheap; then longer ones, which make the model choose among rows.
read -r -a budgets <<<"${BUDGETS:-64 192 128 384}"
learn=(--freeze-embeddings --device "$device")
gentap pretrain examples -o pretrained-short --backbone backbone --budgets "${budgets[@]:0:2}" \
    --epochs 2 --max-steps "${STEPS:-600}" --seed 0 "${learn[@]}"
gentap pretrain examples -o pretrained --backbone pretrained-short --budgets "${budgets[@]:2:2}" \
    --max-steps "${MORE_STEPS:-700}" --batch-size 16 --learning-rate 4e-4 --seed 1 "${learn[@]}"

# Fine-tuned all alike, so that only what came before differs; and once with cells rehearsed.
train=$data/fetaqa/train_partial.jsonl
tune=(--budgets 128 320 --epochs 2 --seed 0 "${learn[@]}")
for start in backbone pretrained-short pretrained; do
    gentap finetune "$start" "$train" -o "$start-tuned" "${tune[@]}"
done
gentap finetune pretrained-short "$train" -o pretrained-short-rehearsed --rehearse examples \
    "${tune[@]}"

# What 200 rows make of either.
few=(--limit 200 --budgets 128 320 --epochs 3 --batch-size 16 --learning-rate 3e-4 --seed 0)
gentap finetune pretrained "$train" -o few-pretrained "${few[@]}" "${learn[@]}"
gentap finetune backbone "$train" -o few-backbone "${few[@]}" "${learn[@]}"

systems=(backbone-tuned pretrained-short-tuned pretrained-tuned pretrained-short-rehearsed
    pretrained-short pretrained)
for model in "${systems[@]}" few-backbone few-pretrained; do
    [ -d "$model-light" ] || gentap export "$model" -o "$model-light"
done
# The first is what the others are compared with.
gentap evaluate "${systems[@]/%/-light}" floor:copy-question floor:best-row \
    "$data/fetaqa/dev.jsonl" -o results
gentap evaluate few-backbone-light few-pretrained-light floor:copy-question \
    "$data/fetaqa/dev.jsonl" --limit 300 -o few-results
