"""The script that one would write in an afternoon: one process, spaCy over every article, MinHash for copies, JSON out.

Run as `python -m bench.peers.script --broker … --source … --target … --articles N`; it ends after so many articles, and prints
the seconds from the first one that it got until the last is confirmed, as JSON.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from typing import Any

import spacy

from bench.wire.compared import package
from streams.settings import Settings

BATCH = 64
SHINGLE = 5
PERMUTATIONS = 128
THRESHOLD = 0.5
SENDS = re.compile(
    r"\b(send|sends|sent|sending|deploy|deploys|deployed|deploying|dispatch|dispatches|dispatched)\b"
    r".{0,60}\b(troops?|soldiers?|forces?|peacekeepers?|battalions?|brigades?|contingents?)\b",
    re.IGNORECASE,
)
WORDS = re.compile(r"\w+")


def signature(text: str, datasketch: Any) -> Any:
    words = WORDS.findall(text.lower())
    made = datasketch.MinHash(num_perm=PERMUTATIONS)
    made.update_batch([" ".join(words[i : i + SHINGLE]).encode() for i in range(max(1, len(words) - SHINGLE + 1))])
    return made


def claims(document: Any) -> list[dict[str, object]]:
    """Of each sentence that tells of troops being sent: the words, and the countries and dates that the model names in it."""
    found = []
    for sentence in document.sents:
        if SENDS.search(sentence.text):
            named = [
                (entity.text, entity.label_) for entity in sentence.ents if entity.label_ in ("GPE", "NORP", "DATE")
            ]
            found.append({"sentence": sentence.text, "names": named})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Consume, parse, compare, produce.")
    parser.add_argument("--broker", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--target", required=True)
    parser.add_argument("--articles", type=int, required=True)
    options = parser.parse_args()
    kafka, datasketch = package("confluent_kafka"), package("datasketch")
    # The parser gives sentences and the recogniser names; nothing here needs lemmas or rules for attributes.
    model = spacy.load(Settings().spacy_model, exclude=["senter", "lemmatizer", "attribute_ruler", "tagger", "textcat"])
    index = datasketch.MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    consumer = kafka.Consumer(
        {
            "bootstrap.servers": options.broker,
            "group.id": f"{options.target}-script",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    producer = kafka.Producer({"bootstrap.servers": options.broker, "linger.ms": 5})
    consumer.subscribe([options.source])
    done, started = 0, 0.0
    while done < options.articles:
        messages = [m for m in consumer.consume(min(BATCH, options.articles - done), timeout=1.0) if m.error() is None]
        if not messages:
            continue
        started = started or time.monotonic()
        articles = [json.loads(message.value()) for message in messages]
        texts = [f"{article['title']}.\n\n{article['body']}" for article in articles]
        for article, text, document in zip(articles, texts, model.pipe(texts, batch_size=BATCH), strict=True):
            hashed = signature(text, datasketch)
            copied = index.query(hashed)
            index.insert(article["id"], hashed, check_duplication=False)
            result = {"article": article["id"], "copies": copied[:10], "claims": claims(document)}
            producer.produce(options.target, key=article["id"].encode(), value=json.dumps(result).encode())
        producer.poll(0)
        done += len(messages)
        consumer.commit(asynchronous=True)
    producer.flush()
    seconds = time.monotonic() - started
    consumer.close()
    print(json.dumps({"articles": done, "seconds": seconds}))


if __name__ == "__main__":
    main()
