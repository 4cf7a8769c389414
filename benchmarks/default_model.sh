#!/usr/bin/env bash
# Makes the model that ships, and the figures of docs/results.md, from the data packs and the wheel.
#   benchmarks/default_model.sh DATA WHEEL OUT
# DATA holds the unpacked packs: docs_wtq, docs_enwiki, ottqa_docs, rc and fetaqa. Every step is
# resumable: run the same command again after an interruption.
set -euo pipefail
data=$1 wheel=$2 out=$3
mkdir -p "$out"

backbone=$out/backbone
[ -f "$backbone/config.json" ] || gentap import-backbone "$wheel" -o "$backbone"

# Wikipedia is the domain of the questions that follow, so its part counts twice.
wiki=$data/rc/squadshifts_new_wiki.json
gentap train-questions "$wiki" "$wiki" "$data/rc/squadshifts_amazon_reviews.json" \
    "$data/rc/squadshifts_reddit.json" "$data/rc/qamr/readable_dev.tsv" \
    -o "$out/questions" --backbone "$backbone" --max-steps 450 --freeze-embeddings --seed 1
[ -d "$out/questions-light" ] || gentap export "$out/questions" -o "$out/questions-light"

gentap harvest "$data/docs_wtq" "$data/docs_enwiki" "$data/ottqa_docs" -o "$out/harvest" \
    --workers 2 --exclude "$data/fetaqa/dev.jsonl" --keep-dropped --license "CC BY-SA"
gentap synthesize "$out/harvest" -o "$out/examples" --question-model "$out/questions-light" \
    --license "CC BY-SA"
