"""The report in a real browser: it opens without an error, is tidy in both themes and both widths, sorts, filters, opens
cases, and hands out the table. H5ROOF_SHOTS=DIR keeps screenshots."""

import os
import time
from pathlib import Path

import pytest
from browser import browser
from conftest import many_run
from report_runs import NASTY

pytest.importorskip("jinja2", reason="python3-jinja2 is not installed")


@pytest.fixture(scope="module")
def downloads(tmp_path_factory):
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def page(downloads):
    with browser(downloads) as found:
        found.requests()  # those of the browser's own first page
        yield found


@pytest.fixture(scope="module")
def report_of(page, reported):
    """Function (name of a run) -> path of its report."""
    return lambda name: reported(name) / "report.html"


def shown(page):
    return page.run(
        "return [...document.querySelectorAll('.row')].filter(r => !r.hidden && r.offsetHeight).map(r => +r.dataset.i)"
    )


def count(page):
    return page.run("return document.getElementById('count').textContent")


def choose(page, selector, value):
    page.run(
        "const e = document.querySelector(arguments[0]); e.value = arguments[1];"
        "e.dispatchEvent(new Event('input')); e.dispatchEvent(new Event('change'));",
        selector,
        value,
    )


def click(page, selector):
    page.run("document.querySelector(arguments[0]).click()", selector)


@pytest.mark.parametrize("run", ["chunks", "one", "failures", "stopped", "empty", "nasty", "mixed"])
def test_it_opens_and_is_tidy(run, page, report_of):
    path = report_of(run)
    for dark, width in ((False, 1280), (True, 420)) if run != "chunks" else ((False, 420), (True, 1280)):
        page.open(path, width=width, dark=dark)
        page.run("document.querySelectorAll('.open').forEach((b, k) => k < 3 && b.click())")
        page.run("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.errors() == [] and page.requests() == []
        assert page.overflow() == [], f"{width} px"
        theme = page.run("return document.documentElement.dataset.theme")
        back = page.run("return getComputedStyle(document.body).backgroundColor")
        assert theme == ("dark" if dark else "light") and (back == "rgb(18, 21, 27)") == dark
        if os.environ.get("H5ROOF_SHOTS"):
            page.screenshot(Path(os.environ["H5ROOF_SHOTS"]) / f"{run}-{theme}-{width}.png")
    click(page, "#theme")
    assert page.run("return document.documentElement.dataset.theme") == "light"


def test_pictures_keep_their_text(page, report_of):
    page.open(report_of("chunks"))
    texts = page.run("return [...document.querySelectorAll('.picture text')].map(t => t.textContent)")
    assert "contiguous" in texts and any(t.startswith("Run 2025") for t in texts)


def test_it_sorts(page, report_of):
    page.open(report_of("chunks"))
    start = shown(page)
    assert start == list(range(48))
    for key, column, down_first in (
        ("value", ".c-num", True),
        ("case", ".c-case", False),
        ("n", ".c-n", True),
    ):
        for turn in (0, 1):
            click(page, f"[data-sort={key}]")
            cells = page.run(
                "return [...document.querySelectorAll('.row ' + arguments[0])].map(c => c.textContent.trim())",
                column,
            )
            values = cells if key == "case" else [float(c.split()[0]) for c in cells]
            falling = down_first == (turn == 0)
            if key == "case":
                assert values[0] == ("contiguous" if falling else "chunked/chunk=1x2048/filter=deflate:1")
            else:
                assert values == sorted(values, reverse=falling)
            order = page.run(
                f"return document.querySelector('[data-sort={key}]').parentElement.getAttribute('aria-sort')"
            )
            assert order == ("descending" if falling else "ascending")
    assert sorted(shown(page)) == start


def test_it_filters_and_searches(page, report_of):
    page.open(report_of("chunks"))
    choose(page, "#search", "deflate 64X64")
    assert count(page) == "4 of 48 results" and len(shown(page)) == 4
    choose(page, "#search", "")
    choose(page, "[data-filter=operation]", "read")
    assert count(page) == "24 of 48 results"
    index = page.run(
        "return [...document.querySelectorAll('[data-filter=factor]')].findIndex(s => s.parentElement.textContent.startsWith('filter'))"
    )
    choose(page, f'[data-filter=factor][data-index="{index}"]', "=deflate:1")
    assert count(page) == "6 of 48 results"
    choose(page, "#search", "nothing like it")
    assert count(page) == "0 of 48 results" and not page.run(
        "return document.getElementById('nothing').hidden"
    )
    click(page, "#clear")
    assert count(page) == "48 of 48 results" and len(shown(page)) == 48
    click(page, ".show[data-note=few]")
    assert count(page) == "2 of 48 results"
    choose(page, "[data-filter=note]", "-")
    with_notes = page.run(
        "return [...document.querySelectorAll('.row')].filter(r => r.querySelector('.mark')).length"
    )
    assert count(page) == f"{48 - with_notes} of 48 results"


def test_a_case_opens(page, report_of):
    page.open(report_of("chunks"))
    click(page, ".row[data-i='0'] .open")
    detail = page.run("return document.querySelector('.detail').innerText")
    for text in ("Repetitions", "fastest rank", "flush", "payload_bytes", "--only", "mpirun -n 2"):
        assert text in detail
    circles = page.run(
        "return [...document.querySelectorAll('.detail circle')].map(c => c.getAttribute('fill'))"
    )
    assert len(circles) == 11 and circles.count("var(--paper)") == 1
    choose(page, "#search", "chunked")  # what is opened goes with its case
    assert page.run("return document.querySelector('.detail').offsetHeight") == 0
    choose(page, "#search", "")
    assert page.run("return document.querySelector('.detail').offsetHeight") > 0
    click(page, "[data-sort=value]")
    assert page.run("return document.querySelector('.detail').previousElementSibling.dataset.i") == "0"
    click(page, ".row[data-i='0'] .open")
    assert page.run("return document.querySelector('.detail').offsetHeight") == 0
    choose(page, "[data-filter=note]", "=noisy")
    first = shown(page)[0]
    click(page, f".row[data-i='{first}'] .open")
    noisy = page.run(
        f"return document.querySelector(\".row[data-i='{first}']\").nextElementSibling.innerText"
    )
    assert "What is noteworthy" in noisy and "The median is uncertain" in noisy
    assert page.errors() == []


def test_values_of_one_unit_are_sorted_among_themselves(page, report_of):
    page.open(report_of("mixed"))
    click(page, "[data-sort=value]")
    units = page.run(
        "return [...document.querySelectorAll('.row .c-num')].map(c => c.textContent.split(' ').pop())"
    )
    assert units == sorted(units, key=["MiB/s", "objects/s", "ms"].index)
    click(page, ".row[data-i='2'] .open")
    detail = page.run("return document.querySelector('.detail').innerText")
    assert "Repetitions, objects/s" in detail and "objects_count" in detail
    ticks = page.run("return [...document.querySelectorAll('.detail svg text')].map(t => t.textContent)")
    assert any(t.endswith("k") for t in ticks) and page.errors() == []


def test_names_run_nothing(page, report_of):
    page.open(report_of("nasty"))
    page.run("document.querySelectorAll('.open').forEach(b => b.click())")
    assert page.run("return document.querySelector('.row .name').textContent") == NASTY
    assert page.run("return document.querySelectorAll('script').length") == 2 and page.errors() == []


def wait_for(path, seconds=30):
    for _ in range(seconds * 10):
        if path.exists():
            return
        time.sleep(0.1)
    raise AssertionError(f"{path.name} was not downloaded")


@pytest.mark.parametrize("run", ["one", "many"])
def test_the_table_is_downloaded(run, page, report_of, downloads):
    path = report_of(run)
    page.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)}
    )
    (downloads / "results.csv").unlink(missing_ok=True)
    page.open(path)
    click(page, "#csv")
    wait_for(downloads / "results.csv")
    assert (downloads / "results.csv").read_bytes() == (path.parent / "results.csv").read_bytes()


def test_two_thousand_cases(page, report_of):
    path = report_of("many")
    assert path.stat().st_size < 20_000_000
    page.open(path)
    assert len(shown(page)) == 300 and count(page) == "4000 of 4000 results"
    choose(page, "#search", "byte_order=big deflate:1")
    wanted = [c["name"] for c in many_run(2000) if "byte_order=big" in c["name"] and "deflate:1" in c["name"]]
    assert count(page) == f"{2 * len(wanted)} of 4000 results"
    names = page.run(
        "return [...document.querySelectorAll('.row')].filter(r => !r.hidden).map(r => r.querySelector('.name').textContent)"
    )
    assert len(names) == 300 and set(names) <= set(wanted)
    click(page, "[data-sort=value]")
    values = page.run(
        "return [...document.querySelectorAll('.row')].filter(r => !r.hidden).map(r => parseFloat(r.querySelector('.c-num').textContent))"
    )
    assert values == sorted(values, reverse=True) and len(values) == 300
    click(page, "#more")
    assert len(shown(page)) == int(count(page).split()[0])
    assert page.errors() == []
