"""The whole of training on small data: sets, a network, export, parity, report, release and its refusal."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import matplotlib as mpl
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis.prediction_log_pb2 import PredictionLog

from serving.standin.engine import Engine
from sheetid.manifest import Manifest
from training import measures
from training.compare import Contender, kept, latest_run, run, shipped
from training.datasets import JUNK, Datasets, Plan, glyphs_of
from training.errors import DataError, ReleaseError
from training.evaluate import figure, to_dict
from training.export import WARM_UP_BATCHES, export, restore
from training.fitting import Schedule, fit, fit_strips, predict
from training.glyphsets import GlyphSet
from training.join import join
from training.model import QUICK as QUICK_FILTERS
from training.model import RATHER_NONE, SURE, SURE_ENOUGH, along, cascade, original, sliding
from training.paths import DataDirectory
from training.release import Places, release
from training.report import METRICS, MODEL, Trained, report
from training.results import COLUMNS, to_markdown
from training.splits import Part
from training.stripsets import StripSet
from training.synthesis.corpus import Recipe, synthesise
from training.synthesis.fonts import Face
from training.synthesis.foundry import Foundry
from training.train import Run, calibrated, going_on, released
from training.tree import read_tree, write_tree

FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
NAMES = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif", "DejaVuSansMono", "STIXGeneral", "cmss10")
PLAN = Plan(scenes=60, dev_scenes=40, test_scenes=40)
QUICK = Schedule(epochs=8, batch=16, rate=3e-3, decay=1e-3)
PARITY = 1e-5


class OneFoundry(Foundry):
    """The few fonts of this machine, for every part: nothing is measured that a leak could flatter."""

    def __init__(self) -> None:
        """Take all of them."""
        faces = [Face(FONTS / f"{name}.ttf", 0, name, name) for name in NAMES]
        super().__init__(faces, [], Part.TRAIN, seed=7)
        self._faces = [[face] for face in faces]


@pytest.fixture(scope="session")
def sets() -> Datasets:
    """Return small sets, as `assemble` would return large ones."""
    made = {
        part: synthesise(Recipe(PLAN.alphabet, PLAN.count(part), part, PLAN.seed), OneFoundry(), workers=0)
        for part in Part
    }
    windows = {part: strips.characters() for part, strips in made.items()}
    clean = {part: glyphs[glyphs.labels < len(PLAN.alphabet)] for part, glyphs in windows.items()}
    rows = StripSet.of_glyphs(clean[Part.TRAIN][:50], PLAN.none)
    return Datasets("small", clean, made, rows)


@pytest.fixture(scope="session")
def trained(sets: Datasets) -> Trained:
    """Return the shipped network, trained a little."""
    keras.utils.set_random_seed(PLAN.seed)
    model = sliding(PLAN.none + 1)
    course = fit_strips(model, sets.train(), sets.dev(), QUICK, PLAN.seed)
    dev = glyphs_of(sets.dev(), PLAN)
    return Trained(model, PLAN, course, calibrated(model, dev), sets.key, sets.sizes())


@pytest.fixture(scope="session")
def held_out(sets: Datasets) -> dict[str, GlyphSet]:
    """Return what a model is tested on, by name."""
    junk = sets.synthetic[Part.TEST].nones(PLAN.none, PLAN.seed)
    return {**dict.fromkeys(COLUMNS, sets.clean[Part.TEST]), JUNK: junk}


@pytest.fixture(scope="session")
def run_directory(
    trained: Trained, held_out: dict[str, GlyphSet], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Export and report; return the directory of the run."""
    directory = tmp_path_factory.mktemp("run")
    export(trained.model, directory / MODEL, "digits")
    report(trained, held_out.items(), directory)
    return directory


def test_a_short_training_learns(trained: Trained, sets: Datasets) -> None:
    """The loss falls, and digits are told far better than by chance."""
    history = trained.course.history
    test = sets.clean[Part.TEST]
    assert history["loss"][-1] < 0.6 * history["loss"][0]
    assert measures.errors(predict(trained.model, test), test.labels) < 0.5 * len(test)


def test_the_same_seed_gives_the_same_network(sets: Datasets) -> None:
    """Two trainings from the same seed end with the same scores."""
    few = StripSet.of((strip, "f") for strip, _ in zip(sets.train(), range(128), strict=False))
    seen = few.characters()[:32]
    answers = []
    for _ in range(2):
        keras.utils.set_random_seed(5)
        model = sliding(PLAN.none + 1)
        fit_strips(model, few, few, replace(QUICK, epochs=1), seed=5)
        answers.append(predict(model, seen))
    np.testing.assert_allclose(answers[0], answers[1], atol=PARITY)


def test_what_was_exported_can_be_restored(trained: Trained, run_directory: Path, sets: Datasets) -> None:
    """A released version answers as it did when it was trained."""
    test = sets.clean[Part.TEST]
    (restored,) = restore(run_directory / MODEL)
    np.testing.assert_allclose(predict(restored, test), predict(trained.model, test), atol=PARITY)


def test_a_cascade_asks_each_of_the_others_where_those_before_it_are_not_sure(
    trained: Trained, sets: Datasets, tmp_path: Path
) -> None:
    """Also when it was exported; it can be taken apart again."""
    none = sets.synthetic[Part.TEST].nones(PLAN.none, PLAN.seed)
    test = GlyphSet.join(sets.clean[Part.TEST][:500], none[:500])
    keras.utils.set_random_seed(3)
    first = sliding(PLAN.none + 1, QUICK_FILTERS)
    fit_strips(first, sets.train(), sets.dev(), QUICK, PLAN.seed)
    others = [trained.model, sliding(PLAN.none + 1, (4, 8, 8, 8, 16))]
    seen = predict(first, test)
    second, third = (predict(model, test) for model in others)
    mean = np.sqrt(second * third)
    mean /= mean.sum(axis=1, keepdims=True)
    word_taken, enough = settled(seen, SURE), settled(second, SURE_ENOUGH)
    assert min(word_taken.sum(), (~word_taken & enough).sum(), (~word_taken & ~enough).sum()) > 30
    expected = np.where(word_taken[:, None], seen, np.where(enough[:, None], second, mean))
    model = cascade(first, others)
    export(model, tmp_path / "1", "digits")
    served = tf.saved_model.load(str(tmp_path / "1")).signatures["serving_default"]
    for scores in (
        predict(model, test),
        served(images=test.batch())["scores"].numpy(),
        Engine(tmp_path / "1").run({"images": test.batch()})["scores"],
    ):
        np.testing.assert_allclose(scores, expected, atol=PARITY)
    for restored, scores in zip(restore(tmp_path / "1"), (seen, second, third), strict=True):
        np.testing.assert_allclose(predict(restored, test), scores, atol=PARITY)


def settled(scores: np.ndarray, sure: float) -> np.ndarray:
    """Tell where a class is sure, or all is between one of them and none, and rather none."""
    none, best = scores[:, PLAN.none], scores[:, : PLAN.none].max(axis=1)
    return np.asarray((scores.max(axis=1) >= sure) | ((none >= RATHER_NONE) & (none + best >= sure)))


def test_all_may_be_sure_or_unsure(tmp_path: Path) -> None:
    """Runtimes differ in what they do with a batch of nothing; here all networks say the same."""
    blank = np.zeros((3, 28, 28, 1), np.float32)
    keras.utils.set_random_seed(1)
    untrained, sure = sliding(PLAN.none + 1), sliding(PLAN.none + 1)
    last = next(layer for layer in reversed(along(sure).layers) if layer.get_weights())
    weights, bias = last.get_weights()
    bias[-1] = 20  # of none
    last.set_weights([weights, bias])
    for number, first in enumerate((sure, untrained), start=1):
        model = cascade(first, [untrained])
        export(model, tmp_path / str(number), "digits")
        served = tf.saved_model.load(str(tmp_path / str(number))).signatures["serving_default"]
        answers = (
            first.predict(blank, verbose=0),
            model.predict(blank, verbose=0),
            served(images=tf.constant(blank))["scores"].numpy(),
            Engine(tmp_path / str(number)).run({"images": blank})["scores"],
        )
        assert (answers[0].max() >= SURE) == (number == 1)
        for scores in answers[1:]:
            np.testing.assert_allclose(scores, answers[0], atol=PARITY)


def test_a_run_is_joined_with_others_and_with_versions(
    run_directory: Path,
    sets: Datasets,
    held_out: dict[str, GlyphSet],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The result is a run itself: it learned what its first network did, and tells who else is asked."""
    monkeypatch.setattr("training.join.assemble", lambda *_: sets)
    monkeypatch.setattr("training.train.tests", lambda *_: held_out.items())
    version = tmp_path / "digits" / "7"
    export(sliding(PLAN.none + 1, (4, 8, 8, 16)), version, "digits")
    joined = join(run_directory, [version, run_directory], DataDirectory(tmp_path), tmp_path / "runs")
    metrics, first = (json.loads((place / METRICS).read_text()) for place in (joined, run_directory))
    assert metrics["asked"] == ["version 7", f"run {run_directory.name}"]
    assert (metrics["course"], metrics["sets"]) == (first["course"], first["sets"])
    assert len(restore(joined / MODEL)) == 3
    assert "those of\nversion 7 and run" in (joined / "MODEL_CARD.md").read_text()


def test_a_network_goes_on_learning_where_it_left_off(run_directory: Path, tmp_path: Path) -> None:
    """Of a cascade, the quick network or the one in a place, the second if none is named; else its own."""
    networks = [sliding(PLAN.none + 1, filters) for filters in (QUICK_FILTERS, (4, 8, 8, 16), (8, 8, 8, 16))]
    export(cascade(networks[0], networks[1:]), tmp_path / "8", "digits")
    version = Run(PLAN, onward=tmp_path / "8")
    each = replace(version, quick=True), version, replace(version, place=3)
    for going, network in zip(each, networks, strict=True):
        onward = going_on(going)
        assert onward is not None
        for ours, theirs in zip(onward.variables, network.variables, strict=True):
            np.testing.assert_array_equal(ours, theirs)
    alone = going_on(Run(PLAN, onward=run_directory))
    assert alone is not None
    assert alone.count_params() == restore(run_directory / MODEL)[0].count_params()
    assert going_on(Run(PLAN)) is None
    with pytest.raises(DataError, match="3 networks"):
        going_on(replace(version, place=4))


def test_only_what_belongs_together_is_joined(run_directory: Path, tmp_path: Path) -> None:
    """A network for another alphabet, or a directory without any, is told at once."""
    export(sliding(5, (4, 8, 8, 16)), tmp_path / "1", "digits")
    data = DataDirectory(tmp_path)
    with pytest.raises(DataError, match="is no run"):
        join(tmp_path / "1", [run_directory], data, tmp_path)
    with pytest.raises(DataError, match="knows other characters"):
        join(run_directory, [tmp_path / "1"], data, tmp_path)
    with pytest.raises(DataError, match="there is no model in"):
        join(run_directory, [tmp_path / "2"], data, tmp_path)


def test_only_released_versions_for_the_same_alphabet_teach(tmp_path: Path) -> None:
    """Anything else is told at once, not after an hour."""
    (tmp_path / "digits").mkdir()
    export(sliding(5, (4, 8, 8, 16)), tmp_path / "digits" / "1", "digits")
    with pytest.raises(DataError, match="digits/1 knows other characters"):
        released([1], PLAN, tmp_path)
    with pytest.raises(DataError, match=r"no model in .*digits/2"):
        released([2], PLAN, tmp_path)


def test_a_network_learns_from_its_teacher(trained: Trained, sets: Datasets) -> None:
    """Where labels call every character a 3, a teacher that knows better is half believed."""
    train = sets.train()
    marks = train.marks.copy()
    marks[marks[:, 1] < len(PLAN.alphabet), 1] = 3
    seen = train.characters()
    seen = seen[(seen.labels < len(PLAN.alphabet)) & (seen.labels != 3)]
    right = []
    for teachers in ([], [trained.model]):
        keras.utils.set_random_seed(5)
        model = sliding(PLAN.none + 1)
        fit_strips(
            model, replace(train, marks=marks), sets.dev(), replace(QUICK, epochs=4), 5, teachers=teachers
        )
        right.append(predict(model, seen)[np.arange(len(seen)), seen.labels].mean())
    without, taught = right
    assert without < 0.1
    assert taught > 0.25


def test_a_strip_is_told_what_each_of_its_windows_is_told(trained: Trained, sets: Datasets) -> None:
    """Training on strips is training on windows, every fourth column."""
    ink, _ = max(sets.train(), key=lambda strip: strip[0].shape[1])
    slid = np.lib.stride_tricks.sliding_window_view(ink, 28, axis=1)[:, ::4].transpose(1, 0, 2)
    glyphs = GlyphSet(slid, np.zeros(len(slid), np.int64), np.full(len(slid), "f"))
    logits = along(trained.model).predict(ink[None, ..., None].astype(np.float32) / 255, verbose=0)[0]
    np.testing.assert_allclose(keras.ops.softmax(logits), predict(trained.model, glyphs), atol=PARITY)


@pytest.mark.parametrize("network", [original, sliding])
def test_keras_the_savedmodel_and_the_standin_agree(
    network: Callable[[int], keras.Model], sets: Datasets, tmp_path: Path
) -> None:
    """On 1,000 glyphs, to 1e-5, with BatchNorm's statistics as training leaves them."""
    keras.utils.set_random_seed(2)
    model = network(PLAN.none + 1)
    learned = glyphs_of(sets.synthetic[Part.TRAIN], PLAN)
    fit(model, learned[:640], learned[:64], replace(QUICK, epochs=1), seed=2)
    export(model, tmp_path / "1", "digits")
    thousand = GlyphSet.join(*[learned] * (1000 // len(learned) + 1))[:1000]
    images = thousand.batch()
    keras_scores = predict(model, thousand)
    signature = tf.saved_model.load(str(tmp_path / "1")).signatures["serving_default"]
    tensorflow_scores = signature(images=tf.constant(images))["scores"].numpy()
    standin_scores = Engine(tmp_path / "1").run({"images": images})["scores"]
    np.testing.assert_allclose(tensorflow_scores, keras_scores, atol=PARITY)
    np.testing.assert_allclose(standin_scores, keras_scores, atol=PARITY)
    np.testing.assert_allclose(keras_scores.sum(axis=1), 1, atol=PARITY)


def test_the_signature_has_names_types_and_a_free_batch(run_directory: Path) -> None:
    """What the function sends and reads."""
    signature = tf.saved_model.load(str(run_directory / MODEL)).signatures["serving_default"]
    _, inputs = signature.structured_input_signature
    assert inputs == {"images": tf.TensorSpec((None, 28, 28, 1), tf.float32, name="images")}
    assert signature.structured_outputs["scores"].shape.as_list() == [None, 12]
    assert signature.structured_outputs["scores"].dtype == tf.float32


def test_warm_up_requests_can_be_answered(run_directory: Path) -> None:
    """TensorFlow Serving refuses a model whose warm-up fails."""
    signature = tf.saved_model.load(str(run_directory / MODEL)).signatures["serving_default"]
    path = run_directory / MODEL / "assets.extra" / "tf_serving_warmup_requests"
    batches = []
    for record in tf.data.TFRecordDataset(str(path)):
        request = PredictionLog.FromString(record.numpy()).predict_log.request
        assert request.model_spec.name == "digits"
        assert request.model_spec.signature_name == "serving_default"
        images = tf.make_ndarray(request.inputs["images"])
        batches.append(len(signature(images=tf.constant(images))["scores"]))
    assert tuple(batches) == WARM_UP_BATCHES


def test_the_report_has_everything(run_directory: Path) -> None:
    """Figures as JSON, pictures, and the card."""
    metrics = json.loads((run_directory / METRICS).read_text())
    assert set(metrics["figures"]) == set(COLUMNS)
    assert metrics[JUNK]["glyphs"] > 0
    assert metrics["sets_key"] == "small"
    assert metrics["calibration_error"]["after"] <= metrics["calibration_error"]["before"] + 0.05
    assert metrics["cost"]["parameters"] < 300_000
    assert len(metrics["course"]["loss"]) == QUICK.epochs
    for name in ("learning-curves", "reliability", "confusion", "worst-mistakes"):
        assert (run_directory / f"{name}.png").stat().st_size > 5000
    assert "Model card" in (run_directory / "MODEL_CARD.md").read_text()


def test_a_run_is_released_and_a_worse_one_is_not(run_directory: Path, tmp_path: Path) -> None:
    """The manifest goes with the model; a model with twice the errors is refused."""
    places = Places(tmp_path / "models", tmp_path / "manifests")
    directory = release(run_directory, "digits", places)
    fields = json.loads(places.manifest("digits", 1).read_text())
    assert Manifest(**{name: fields[name] for name in Manifest.__slots__}).classes == 12
    assert len(tf.saved_model.load(str(directory)).signatures) == 1
    worse = tmp_path / "worse"
    shutil.copytree(run_directory, worse)
    metrics = json.loads((worse / METRICS).read_text())
    metrics["figures"]["synthetic"]["error_rate"] = 1.0
    (worse / METRICS).write_text(json.dumps(metrics))
    with pytest.raises(ReleaseError, match="worse than version 1: synthetic"):
        release(worse, "digits", places)


def test_networks_are_compared_in_a_table(sets: Datasets, run_directory: Path, tmp_path: Path) -> None:
    """Baselines that know no junk and that do, beside the run of the shipped network."""
    test = sets.clean[Part.TEST]
    scored_on = dict.fromkeys(COLUMNS, test)
    for part in (Part.TRAIN, Part.DEV):
        write_tree(sets.clean[part], tmp_path / "tree", part, PLAN.alphabet)
    once = replace(QUICK, epochs=1)

    def from_tree() -> tuple[GlyphSet, GlyphSet]:
        train, dev = (read_tree(tmp_path / "tree", part, PLAN.alphabet) for part in (Part.TRAIN, Part.DEV))
        return train, dev

    def from_all() -> tuple[GlyphSet, GlyphSet]:
        return glyphs_of(sets.synthetic[Part.TRAIN], PLAN), glyphs_of(sets.dev(), PLAN)

    contenders = (
        Contender("Chars74K", replace(once, decay=None), from_tree),
        Contender("all", once, from_all, junk=True),
    )
    rows = [run(contender, scored_on, PLAN, tmp_path) for contender in contenders]
    rows.append(shipped(run_directory))
    one = to_dict({"chars74k": figure(np.eye(10, dtype=np.float32), test[:10], 10)})
    table = to_markdown({"rows": rows, "random_split": one["chars74k"], "alphanumeric": one})
    assert "| Chars74K | original |" in table
    assert "| all | original |" in table
    assert "| Chars74K + synthesis | sliding |" in table
    assert rows[2]["cost"]["bytes"] < 0.4 * rows[0]["cost"]["bytes"]


def test_another_alphabet_needs_another_alphabet_only(tmp_path: Path) -> None:
    """0-9A-Z goes the same way from synthesis to an exported network of 38 classes."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    strips = synthesise(Recipe(alphabet, 12, Part.TRAIN, 1), OneFoundry(), workers=0)
    glyphs = strips.characters()
    assert glyphs.labels.max() > 30
    assert len(set(glyphs.labels.tolist())) > 20
    model = sliding(len(alphabet) + 2)
    fit_strips(model, strips, strips, replace(QUICK, epochs=1), seed=1)
    export(model, tmp_path / "1", "plates")
    scores = Engine(tmp_path / "1").run({"images": glyphs[:5].batch()})["scores"]
    assert scores.shape == (5, 38)


def test_what_a_comparison_has_found_is_not_found_again(tmp_path: Path) -> None:
    """It takes long, and may be interrupted."""
    path = tmp_path / "sets" / "row.json"
    assert kept(path, lambda: {"errors": 3}) == {"errors": 3}
    assert kept(path, lambda: {"errors": 4}) == {"errors": 3}


def test_the_latest_run_of_the_same_sets_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of other sets is passed over; where there is none, it has to be made."""
    monkeypatch.setattr("training.compare.key", lambda _: "these")
    for name, sets_key in (("1", "these"), ("2", "these"), ("3", "others")):
        (tmp_path / name).mkdir()
        (tmp_path / name / METRICS).write_text(json.dumps({"sets_key": sets_key}))
    assert latest_run(PLAN, tmp_path) == tmp_path / "2"
    assert latest_run(PLAN, tmp_path / "1") is None


@pytest.mark.parametrize("version", Places().versions("digits"))
def test_the_released_models_answer_alike_in_tensorflow_and_in_the_standin(version: int) -> None:
    """On 1,000 glyphs, to 1e-5."""
    directory = Places().models / "digits" / str(version)
    glyphs = glyphs_of(synthesise(Recipe(PLAN.alphabet, 60, Part.TEST, 3), OneFoundry(), workers=0), PLAN)
    images = GlyphSet.join(glyphs, glyphs)[:1000].batch()
    signature = tf.saved_model.load(str(directory)).signatures["serving_default"]
    scores = signature(images=tf.constant(images))["scores"].numpy()
    assert len(scores) == 1000
    np.testing.assert_allclose(Engine(directory).run({"images": images})["scores"], scores, atol=PARITY)
