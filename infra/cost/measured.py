"""What a sheet takes in production: what was measured here, and what has to be assumed of there."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MEASURED = Path(__file__).parents[2] / "docs" / "benchmarks" / "serving.json"
# A page as the application uploads it, if it does not cut out the corner.
TYPICAL = "page-200-dpi-letter.jpg"
CORNER = "corner-plain.jpg"
MEGABYTES = {TYPICAL: 0.85, CORNER: 0.022}
SLOWER = 1.5
"""How much longer a vCPU of Cloud Run, half a core, is assumed to take than the machine that measured."""
NETWORK_SECONDS = 0.15
"""Assumed for fetching the sheet and publishing its result, when nothing of it needs the CPU."""
FUNCTION_BOOT_SECONDS = 2.0
"""Assumed until a new instance's process is started: image and sandbox. The process itself was measured."""
SERVING_COLD_SECONDS = 12.0
"""Assumed for a new instance of TensorFlow Serving: 5.8 s for its process and model, and as much before."""


@dataclass(frozen=True, slots=True)
class Work:
    """What one sheet takes.

    Attributes:
        function_cpu: CPU seconds of the function.
        serving_cpu: CPU seconds of the model server.
        network: Seconds of waiting for Cloud Storage and Pub/Sub.
        megabytes: Its file.
        function_cold: Seconds until a new instance of the function takes its first sheet.
        serving_cold: Seconds until a new instance of serving takes its first batch.
    """

    function_cpu: float
    serving_cpu: float
    network: float
    megabytes: float
    function_cold: float
    serving_cold: float

    @property
    def seconds(self) -> float:
        """The time that a sheet takes when nobody else is there."""
        return self.network + self.function_cpu + self.serving_cpu


def load(name: str = TYPICAL) -> Work:
    """Return the work of one kind of sheet."""
    figures: dict[str, Any] = json.loads(MEASURED.read_text())
    (cost,) = (one for one in figures["sheets"] if one["name"] == name)
    return Work(
        function_cpu=SLOWER * cost["function_cpu_ms"] / 1000,
        serving_cpu=SLOWER * cost["serving_cpu_ms"] / 1000,
        network=NETWORK_SECONDS,
        megabytes=MEGABYTES[name],
        function_cold=FUNCTION_BOOT_SECONDS + SLOWER * figures["starts"]["ours"]["cpu_seconds"],
        serving_cold=SERVING_COLD_SECONDS,
    )
