"""What a script of a run does when it is started: load, compile, train, and tell."""

from collections.abc import Iterator

from blocks.training.datasets import DataInfo
from blocks.training.mismatch import heads_of
from blocks.training.run import Run
from blocks.training.settings import TrainingSettings
from blocks.training.stock import Made, loss_of, measure_of, optimizer_of
from blocks.training.target import Target, targets_of
from blocks.training.unstarted import Unstarted

AUGMENTATION = ("flip", "shift", "rotate", "noise", "scale")
SCHEDULE = ("schedule", "warmup_epochs", "step_epochs", "step_factor")
START = "start.weights.h5"


def main_code(run: Run | Unstarted, settings: TrainingSettings, info: DataInfo) -> str:
    """Return the functions of a script that train: `targets`, `mean` and `main`."""
    heads = heads_of(run.design)
    targets = targets_of(heads, settings).each
    lines = ["def main():", *_data_lines(settings, info), "    keras.utils.set_random_seed(SEED)"]
    if settings.precision != "float32":
        lines.append('    keras.config.set_dtype_policy("mixed_bfloat16")')
    lines.append("    model = build_model()")
    if settings.precision != "float32":
        ends = dict.fromkeys(end for head in heads for end in (head.layer.name, head.predicts))
        lines.append(f"    for name in {list(ends)!a}:  # losses need more than bfloat16")
        lines.append('        model.get_layer(name).dtype_policy = keras.DTypePolicy("float32")')
    if run.starts_from_weights:
        lines.append(f'    model.load_weights("{START}")')
    lines += [*_compile_lines(targets, settings), *_epoch_lines(settings, run.backend)]
    return "\n\n\n".join(
        [_targets(targets), MEANS, "\n".join(lines), 'if __name__ == "__main__":\n    main()']
    )


MEANS = '''def mean(figures, sizes):
    """Return the mean of each figure over batches of these sizes."""
    names = figures[0]
    return {n: float(np.average([f[n] for f in figures], weights=sizes)) for n in names}'''


def _epoch_lines(settings: TrainingSettings, backend: str) -> Iterator[str]:
    """Write the loop over epochs: steps, validation, the best weights, and when to stop early."""
    timed = settings.minutes is not None
    yield "    size = min(BATCH_SIZE, len(x))"
    yield "    steps, best, best_epoch = len(x) // size, None, 0"
    if timed:
        yield f"    end = time.monotonic() + {60 * (settings.minutes or 0)!r}"
    yield "    for epoch in range(EPOCHS):"
    yield "        order, found = sample_order(SEED, epoch, len(x)), []"
    yield "        for step in range(steps):"
    yield "            rows = order[step * size : (step + 1) * size]"
    if backend == "torch":  # dropout draws from PyTorch's own generator there
        yield "            torch.manual_seed(SEED + epoch * steps + step)"
    yield from _step_lines(settings)
    if timed:
        yield "            if time.monotonic() >= end:"
        yield "                break"
    yield from EPOCH_END.splitlines()
    if settings.patience:
        yield f"        if epoch + 1 - best_epoch >= {settings.patience}:"
        yield "            break"
    if timed:
        yield "        if time.monotonic() >= end:"
        yield "            break"
    yield '    model.save("trained.keras")'
    yield "    if len(x_test):"
    yield "        found = model.evaluate(x_test, targets(y_test), verbose=0, return_dict=True)"
    yield '        print(json.dumps({"test": found}))'


def _step_lines(settings: TrainingSettings) -> Iterator[str]:
    values = settings.values()
    batch = "x[rows]"
    if settings.augments:
        words = ", ".join(f"{name}={values[name]!r}" for name in AUGMENTATION)
        yield "            generator = np.random.default_rng([3, SEED, epoch, step])"
        yield f"            batch = augmented(x[rows], generator, {words})"
        batch = "batch"
    if changes_rate(settings):
        words = ", ".join(f"{name}={values[name]!r}" for name in SCHEDULE)
        yield "            model.optimizer.learning_rate = learning_rate_at("
        yield "                epoch * steps + step,"
        yield "                steps=EPOCHS * steps,"
        yield "                per_epoch=steps,"
        yield f"                rate={settings.learning_rate!r},"
        yield f"                {words},"
        yield "            )"
    yield "            found.append("
    yield f"                model.train_on_batch({batch}, targets(y[rows]), return_dict=True)"
    yield "            )"


EPOCH_END = """\
        judged, sizes = [], []
        for start in range(0, len(x_validation), size):
            part = slice(start, start + size)
            judged.append(
                model.test_on_batch(
                    x_validation[part], targets(y_validation[part]), return_dict=True
                )
            )
            sizes.append(len(x_validation[part]))
        trained, validated = mean(found, [size] * len(found)), mean(judged, sizes)
        print(json.dumps({"epoch": epoch + 1, "training": trained, "validation": validated}))
        if best is None or validated["loss"] < best:
            best, best_epoch = validated["loss"], epoch + 1
            model.save_weights("best.weights.h5")"""


def _data_lines(settings: TrainingSettings, info: DataInfo) -> Iterator[str]:
    shape = info.fitted(settings).shape
    yield "    x, y, x_test, y_test = load_data()"
    yield f"    x, x_test = (fit(part, {shape}) for part in (x, x_test))"
    share = "0" if info.test_count else "TEST_SHARE"
    yield f"    rows = split_rows(len(x), SEED, VALIDATION_SHARE, {share})"
    if not info.test_count:
        yield "    x_test, y_test = x[rows[2]], y[rows[2]]"
    yield "    x, x_validation, y, y_validation = x[rows[0]], x[rows[1]], y[rows[0]], y[rows[1]]"
    if settings.normalisation != "none":
        yield f"    scale = scale_of(x, {settings.normalisation!r})"
        yield "    x, x_validation, x_test = ("
        yield "        normalised(part, scale) for part in (x, x_validation, x_test)"
        yield "    )"


def _targets(each: tuple[Target, ...]) -> str:
    lines = ["def targets(labels):", '    """Return labels as the network learns them."""']
    if len(each) == 1:
        return "\n".join([*lines, f"    return {_target(each[0])}"])
    lines += ["    return {"]
    lines += [f"        {one.output!a}: {_target(one)}," for one in each]
    return "\n".join([*lines, "    }"])


def _target(target: Target) -> str:
    if target.task != "classes":
        return 'labels.astype("float32").reshape(len(labels), -1)'
    if not target.one_hot:
        return "labels"
    if target.units == 1:
        return 'labels.astype("float32")[:, None]'
    return f'np.eye({target.units}, dtype="float32")[labels]'


def _compile_lines(each: tuple[Target, ...], settings: TrainingSettings) -> Iterator[str]:
    yield "    model.compile("
    yield f"        optimizer=keras.optimizers.{_made(optimizer_of(settings))},"
    if len(each) == 1:
        yield f"        loss=keras.losses.{_made(loss_of(each[0]))},"
        yield f"        metrics=[keras.metrics.{_made(measure_of(each[0]))}],"
    else:
        losses = ", ".join(f"{t.output!a}: keras.losses.{_made(loss_of(t))}" for t in each)
        weights = ", ".join(f"{t.output!a}: {float(t.loss_weight)!r}" for t in each)
        measures = ", ".join(f"{t.output!a}: [keras.metrics.{_made(measure_of(t))}]" for t in each)
        yield f"        loss={{{losses}}},"
        yield f"        loss_weights={{{weights}}},"
        yield f"        metrics={{{measures}}},"
    if settings.xla != "auto":
        yield f"        jit_compile={settings.xla == 'on'},"
    yield "    )"


def _made(made: Made) -> str:
    kind, arguments = made
    return f"{kind}({', '.join(f'{name}={value!r}' for name, value in arguments.items())})"


def changes_rate(settings: TrainingSettings) -> bool:
    """Tell whether the learning rate is another one from step to step."""
    return settings.schedule != "constant" or settings.warmup_epochs > 0
