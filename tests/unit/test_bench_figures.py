"""The benchmark's table and its JSON: medians, ratios, and a dash where nothing was measured."""

from dev.bench.figures import QUICK, Size, middle, report, table


def test_each_figure_is_the_median_of_the_rounds_that_have_it() -> None:
    found = middle([{"burst_ms": 5.0}, {"burst_ms": 9.0, "few_rss_mb": 80.0}, {"burst_ms": 6.0}])

    assert found == {"burst_ms": 6.0, "few_rss_mb": 80.0}


def test_a_ratio_is_ours_by_the_others_and_unknown_where_one_is() -> None:
    ours = {"few_rss_mb": 60.0, "burst_ms": 20.0, "restart_calls": 0.0}
    figures = report(Size(), {"here": ours, "draft": {"few_rss_mb": 80.0, "restart_calls": 0.0}})

    assert figures["figures"]["few_rss_mb"] == {"here": 60.0, "draft": 80.0, "by draft": 0.75}
    assert figures["figures"]["burst_ms"] == {"here": 20.0, "draft": None, "by draft": None}
    assert figures["figures"]["restart_calls"]["by draft"] is None


def test_the_table_has_a_row_for_each_figure_and_a_dash_for_what_is_not_known() -> None:
    lines = table(report(QUICK, {"here": {"burst_ms": 20.0}})).splitlines()

    assert lines[0] == "|  | here |"
    assert "| ten changed at once under the quota: first to last call, ms | 20.00 |" in lines
    assert "| memory with the few objects, RSS, MB | – |" in lines
