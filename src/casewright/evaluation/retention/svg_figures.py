"""Matplotlib's figures as SVG files, for every plot of retention; by the extra `eval`.

Invariant: the same figure gives the same bytes: no date, no random ids. Importing this module without the
extra raises ConfigurationError, which names the command that installs it.
"""

from pathlib import Path

from casewright.domain.errors import ConfigurationError

try:
    import matplotlib as mpl
    from matplotlib.axes import Axes as Axes
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Figure
except ImportError as error:  # pragma: no cover - the extra is for people who look at plots
    raise ConfigurationError("plots need matplotlib: pip install 'casewright[eval]'") from error


def save_figure(figure: Figure, path: Path) -> None:
    """Write the figure; the folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"svg.hashsalt": "casewright", "svg.fonttype": "none"}):
        FigureCanvasSVG(figure)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": "casewright"})
