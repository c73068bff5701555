"""import h5roof: the rows with types and units, and what `show` says."""

import h5roof
import pandas as pd
import pytest
from conftest import ROOT, case
from h5roof.cases import load as load_results
from report_runs import program

SMOKE = ROOT / "results" / "reference" / "smoke"


def test_rows_have_types_units_and_metadata():
    frame = h5roof.load(SMOKE)
    assert frame["warmup"].dtype == "boolean" and frame["repetition"].dtype == "Int64"
    assert frame["durable_s"].dtype == float and frame.loc[frame["reason"] == ""].empty
    units = frame.attrs["units"]
    assert units["durable_s"] == "s" and units["durable_mibps"] == "MiB/s" and "case" not in units
    assert frame.attrs["env"]["suite"] == "smoke" and "suite: smoke" in frame.attrs["plan"]


def test_results_are_what_show_says():
    frame = h5roof.results(SMOKE, program())
    rows = h5roof.load(SMOKE)
    rows = rows[(rows["status"] == "ok") & ~rows["warmup"]]
    medians = rows.groupby(["case_id", "operation"])["durable_s"].median()
    shown = frame.dropna(subset="durable_median_s").set_index(["case_id", "operation"])["durable_median_s"]
    pd.testing.assert_series_equal(
        medians.sort_index(), shown.sort_index(), check_names=False, check_index_type=False, rtol=1e-6
    )
    assert set(frame.attrs["explanations"]) == {n["name"] for notes in frame["notes"] for n in notes}


def test_a_run_without_metadata(run_directory):
    frame = h5roof.load(run_directory([case("one", 100.0)]))
    assert frame.attrs["env"] == {} and frame.attrs["plan"] == ""


def test_where_the_program_is(monkeypatch, tmp_path):
    with pytest.raises(h5roof.ProgramError, match="cannot be run"):
        h5roof.find_program(str(tmp_path / "none"))
    monkeypatch.setenv("H5ROOF", program())
    assert h5roof.find_program() == program()
    monkeypatch.setenv("H5ROOF", "")
    monkeypatch.setattr("h5roof.program.HOME", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(h5roof.ProgramError, match="was not found"):
        h5roof.find_program()


def test_suspended_repetitions_do_not_count(run_directory):
    where = run_directory([case("one", 100.0)])
    table = where / "results.csv"
    rows = pd.read_csv(table, dtype=str, keep_default_na=False)
    measured = rows.index[(rows["warmup"] == "false") & (rows["operation"] == "write")]
    rows.loc[measured[2], "quality"] = "suspended"
    rows.to_csv(table, index=False, lineterminator="\n")
    (write,) = (c for c in load_results(where, program()).cases if c.operation == "write")
    assert len(write.frame) == len(measured) - 1 == write.value.n
