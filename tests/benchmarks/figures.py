"""Figures of two servers that take turns with the same requests, and the table they make."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HEADING = "   CPU/request    ratio   requests/s     p50       p99   (bare: CPU, requests/s, p50, p99)"


@dataclass
class Figures:
    """Figures measured of one server with one command, a number for each round."""

    cpu: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)
    late: int = 0

    def add(self, cpu_seconds: float, result: Mapping[str, Any]) -> None:
        """Add a round: the server's CPU time, and the client's `latencies` (ms, ascending), `seconds` and `late` answers."""
        latencies = result["latencies"]
        self.cpu.append(cpu_seconds / len(latencies) * 1000)
        self.p50.append(latencies[len(latencies) // 2])
        self.p99.append(latencies[len(latencies) * 99 // 100])
        self.per_second.append(len(latencies) / result["seconds"])
        self.late += result.get("late", 0)

    def row(self, ratio: str = "") -> str:
        """Show the medians."""
        cpu, per_second, p50, p99 = map(statistics.median, (self.cpu, self.per_second, self.p50, self.p99))
        return f"{cpu:8.3f} ms {ratio} {per_second:10,.0f} {p50:7.1f} ms {p99:7.1f} ms"


def print_row(name: str, bare: Figures, ours: Figures) -> None:
    """Print our figures beside the bare server's. The ratio is its CPU by ours, the median over the rounds."""
    ratio = statistics.median(one / other for one, other in zip(bare.cpu, ours.cpu, strict=True))
    late = f"; {ours.late} answers took over two seconds" if ours.late else ""
    print(f"{name:28} {ours.row(f'{ratio:8.2f}')}   ({bare.row()}){late}", flush=True)
