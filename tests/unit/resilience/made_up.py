"""A run in which everything held, made up; tests change what they are about."""

from dataclasses import replace

from tests.load.measures import Burst, Latency, Memory
from tests.load.tally import Tally
from tests.resilience.summary import Fault, Fuzzed, Part, Peak, Summary

FAULT = Fault(
    "test_serving_goes",
    injected="serving is killed",
    uploads=40,
    answered=40,
    duplicates=2,
    lost=0,
    wrong=0,
    survived=True,
)
TALLY = Tally(asked=2000, answered=2000, repeated=1, wrong=0, complaints=())
BURST = Burst(
    name="uploads, 8 at a time",
    planned=2000,
    sent=2000,
    tally=TALLY,
    errors=0,
    seconds=50.0,
    latency=Latency(120.0, 180.0, 240.0, 400.0),
    cpu_ms=20.0,
    memory=Memory(100.0, 160.0, 220.0, 4.0),
)
SOAK = replace(BURST, name="soak", memory=Memory(100.0, 160.0, 220.0, 0.01))
SOUND = Summary(
    parts=(Part("faults", 150.0), Part("soak", 400.0)),
    seconds=500.0,
    faults=(FAULT,),
    uploads=(BURST,),
    soaks=(SOAK,),
    peaks=(Peak("noise", 300.0), Peak("palette", 450.0)),
    fuzzed=(Fuzzed("event", 150_000, 10.0, 0), Fuzzed("file", 50_000, 60.0, 0)),
)
