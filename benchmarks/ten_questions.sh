#!/usr/bin/env bash
# Asks tables of five kinds two questions each: CSV, XLSX, Markdown, HTML and standard input.
#
#   benchmarks/ten_questions.sh [MODEL]
#
# The questions were written before any answer to them was seen.
set -euo pipefail
cd "$(dirname "$0")/../examples"
model=${1:-default}

gentap ask mountains.csv "In which year was Manaslu first climbed?" \
    "How high is Nanga Parbat, and in which country is it?" --model "$model"
gentap ask missions.xlsx "Who launched Vostok 1?" \
    "What was the destination of Mariner 4?" --model "$model"
gentap ask planets.md "How many known moons does Uranus have?" \
    "What type of planet is Saturn?" --model "$model"
gentap ask rivers.html "Where does the Volga flow into?" \
    "Which river is the longest of South America?" --model "$model"
gentap ask - "Who won the 1998 final?" "What was the score of the 2010 final?" \
    --model "$model" <<'TABLE'
Year,Winner,Score,Runner-up,Venue
1998,France,3-0,Brazil,Saint-Denis
2002,Brazil,2-0,Germany,Yokohama
2006,Italy,1-1 (5-3 p),France,Berlin
2010,Spain,1-0,Netherlands,Johannesburg
2014,Germany,1-0,Argentina,Rio de Janeiro
2018,France,4-2,Croatia,Moscow
TABLE
