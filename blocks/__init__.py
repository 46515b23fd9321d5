"""Convolutional networks from blocks: design them, see their numbers, take the Keras model."""

from typing import Any

from blocks.adapted import Adaptable, adaptable, adapted
from blocks.analysis import Report, analyze, bytes_text, require_buildable
from blocks.block import Block, Preset
from blocks.budget import Budget
from blocks.carried import Carried
from blocks.catalog import BLOCKS, catalog_schema
from blocks.comparison import BlockPair, compare
from blocks.design import Design, Edit
from blocks.diagram import diagram_dot
from blocks.differences import Change, Difference, differences, leading_back, leading_to
from blocks.errors import (
    BlockwrightError,
    DesignError,
    DiskFullError,
    EditError,
    Problem,
    ReadError,
    Repair,
    is_disk_full,
)
from blocks.explain import Arithmetic, Explanation, explain
from blocks.exports import Export, ExportError, export, export_proven, formats, start_export
from blocks.exports.code import python_code
from blocks.exports.markdown import escaped as markdown_text
from blocks.exports.torch_code import torch_code
from blocks.fitting import Use, WidthFit, fitted, uses, widened
from blocks.folding import fold, fold_within, split, split_within
from blocks.graph import Layer
from blocks.home import home, sweep
from blocks.imports import read, with_all_weights_of, with_weights_of
from blocks.imports.design_json import check_definitions
from blocks.jobs import Job, JobCancelled, JobError, run_job, start_job
from blocks.keras_model import to_keras
from blocks.layers import shape_text
from blocks.memory import SLOTS as OPTIMIZER_SLOTS
from blocks.memory import TrainingMemory, training_memory
from blocks.node import Link, Node
from blocks.notes import Note, check_notes
from blocks.opened import closed, inside, opened, pack_within, unpack_within
from blocks.own import needed_definitions
from blocks.packing import pack, unpack
from blocks.pictures import block_picture, block_pictures
from blocks.pretrained import fetch, fetched, has_pretrained, start_fetch
from blocks.profile import Reach, Share, by_category, by_depth, by_reduction, by_resolution
from blocks.proof import Receipt, prove
from blocks.published import PUBLISHED, Published
from blocks.receptive import Field, field_text, milliseconds
from blocks.renaming import change_param, rename_port
from blocks.templates import Template, template, templates
from blocks.thumbnail import thumbnail
from blocks.training.backends import BACKENDS, backends
from blocks.training.cluster import cluster_hint
from blocks.training.data_settings import DataSettings
from blocks.training.datasets import DATA_NAMES, DataError, DataInfo, describe_data
from blocks.training.devices import Device, devices
from blocks.training.downloads import download_bytes
from blocks.training.estimate import Estimate, estimated, measured, start_measuring, too_much
from blocks.training.events import event_files
from blocks.training.folders import deleted_runs, runs, sweep_runs, sweep_weights
from blocks.training.given import Given, given, tried_on
from blocks.training.launch import RunError
from blocks.training.own_data import keep_data, own_data
from blocks.training.preflight import training_problems
from blocks.training.preview import Preview, PreviewRow, previewed, start_preview
from blocks.training.progress import Progress
from blocks.training.record import Confusion, Epoch, Flow, FlowBlock, Flows, Metrics, Step
from blocks.training.run import Run, Status
from blocks.training.script import training_script
from blocks.training.settings import TrainingSettings
from blocks.training.standby import stand_by
from blocks.training.start import start_again, start_run
from blocks.training.trying import Answer, Evaluation, ask, ask_all, evaluate, make_ready
from blocks.training.wrong import Wrong
from blocks.transplant import taken_out, transplant
from blocks.turns import Turn, turns
from blocks.weights import Fit, weights_fit


def __getattr__(name: str) -> Any:
    """Return a block type by name, so that `from blocks import VGGBlock` needs no list here."""
    if name in BLOCKS:
        return BLOCKS[name]
    raise AttributeError(f"module 'blocks' has no name {name!r}")


__all__ = [
    "BACKENDS",
    "BLOCKS",
    "DATA_NAMES",
    "OPTIMIZER_SLOTS",
    "PUBLISHED",
    "Adaptable",
    "Answer",
    "Arithmetic",
    "Block",
    "BlockPair",
    "BlockwrightError",
    "Budget",
    "Carried",
    "Change",
    "Confusion",
    "DataError",
    "DataInfo",
    "DataSettings",
    "Design",
    "DesignError",
    "Device",
    "Difference",
    "DiskFullError",
    "Edit",
    "EditError",
    "Epoch",
    "Estimate",
    "Evaluation",
    "Explanation",
    "Export",
    "ExportError",
    "Field",
    "Fit",
    "Flow",
    "FlowBlock",
    "Flows",
    "Given",
    "Job",
    "JobCancelled",
    "JobError",
    "Layer",
    "Link",
    "Metrics",
    "Node",
    "Note",
    "Preset",
    "Preview",
    "PreviewRow",
    "Problem",
    "Progress",
    "Published",
    "Reach",
    "ReadError",
    "Receipt",
    "Repair",
    "Report",
    "Run",
    "RunError",
    "Share",
    "Status",
    "Step",
    "Template",
    "TrainingMemory",
    "TrainingSettings",
    "Turn",
    "Use",
    "WidthFit",
    "Wrong",
    "adaptable",
    "adapted",
    "analyze",
    "ask",
    "ask_all",
    "backends",
    "block_picture",
    "block_pictures",
    "by_category",
    "by_depth",
    "by_reduction",
    "by_resolution",
    "bytes_text",
    "catalog_schema",
    "change_param",
    "check_definitions",
    "check_notes",
    "closed",
    "cluster_hint",
    "compare",
    "deleted_runs",
    "describe_data",
    "devices",
    "diagram_dot",
    "differences",
    "download_bytes",
    "estimated",
    "evaluate",
    "event_files",
    "explain",
    "export",
    "export_proven",
    "fetch",
    "fetched",
    "field_text",
    "fitted",
    "fold",
    "fold_within",
    "formats",
    "given",
    "has_pretrained",
    "home",
    "inside",
    "is_disk_full",
    "keep_data",
    "leading_back",
    "leading_to",
    "make_ready",
    "markdown_text",
    "measured",
    "milliseconds",
    "needed_definitions",
    "opened",
    "own_data",
    "pack",
    "pack_within",
    "previewed",
    "prove",
    "python_code",
    "read",
    "rename_port",
    "require_buildable",
    "run_job",
    "runs",
    "shape_text",
    "split",
    "split_within",
    "stand_by",
    "start_again",
    "start_export",
    "start_fetch",
    "start_job",
    "start_measuring",
    "start_preview",
    "start_run",
    "sweep",
    "sweep_runs",
    "sweep_weights",
    "taken_out",
    "template",
    "templates",
    "thumbnail",
    "to_keras",
    "too_much",
    "torch_code",
    "training_memory",
    "training_problems",
    "training_script",
    "transplant",
    "tried_on",
    "turns",
    "unpack",
    "unpack_within",
    "uses",
    "weights_fit",
    "widened",
    "with_all_weights_of",
    "with_weights_of",
    *BLOCKS,
]
