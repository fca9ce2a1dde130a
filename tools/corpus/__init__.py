"""The generator of the sample reports in `corpus/`: specs in, DOCX / PDF / text and their truth out.

`python -m tools.corpus` writes every sample and `corpus/truth/*.csv` again; `python -m tools.corpus
practice DIR --seed N --reports K` draws random reports out of all the layouts the samples use.

A spec (`model.Report`) states what a report says *before* it is rendered; writers and truth both come
from it, and nothing of the reading stages is imported here: truth is never a reader's output.
"""
