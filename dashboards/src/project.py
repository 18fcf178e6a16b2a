"""What every generated file needs to know of the project."""

# Where the project lives. A fork, or an operator with runbooks of their own,
# changes this line and runs `dashboards/generate --write`.
HOME = "https://github.com/sentinel-exporter/sentinel-exporter"
RUNBOOKS = HOME + "/blob/main/dashboards/RUNBOOKS.md"


def runbook(alert=None):
    """The address of the runbooks, or of one alert's section: a heading's
    anchor is its text in lower case."""
    return RUNBOOKS + ("#" + alert.lower() if alert else "")
