"""In which order orders become known where some are due, and how many may wait."""

import numpy as np

from solvers.pods.arrays import ENDED, ORDERS_KNOWN, WAITED, Site
from solvers.pods.params import PodParams
from warehouse.scenario import PodSystem, Scenario


class OrderQueue:
    """Orders that are not known yet.

    Where some are due, those that are due first come first, but for those that are due
    sooner than lines are usually picked: they would be late and make others late. No
    more may wait than all stations have slots: pods would be chosen for whatever suits
    them best otherwise, due or not. A backlog is kept as it is given, and so is the
    order of release by the simple rules. Where pods are filled all may wait, as those
    that lack goods would hold up others. Where racks are on the floor as well, all is
    left as it is.

    Parameters
    ----------
    scenario : Scenario
    pods : PodSystem
    params : PodParams
    alone : bool
        Whether no robots with totes are on the floor.

    Attributes
    ----------
    most : int
        Orders that may wait; 0 for all.
    """

    def __init__(
        self, scenario: Scenario, pods: PodSystem, params: PodParams, *, alone: bool
    ) -> None:
        due = np.isfinite(scenario.orders.due_s).any() or any(scenario.orders.carrier)
        chooses = alone and params.rules == "joint" and not pods.backlog
        self._by_due = bool(due) and chooses
        self.most = pods.backlog
        if self._by_due and pods.replenishment is None:
            self.most = int(pods.order_slots.sum())
        self._release_s = np.sort(scenario.orders.release_s)
        self._released = 0
        self._all_late = False

    def arrange(self, site: Site, now_s: float) -> None:
        """Put orders that are released and not known yet in order.

        Parameters
        ----------
        site : Site
        now_s : float
        """
        if not self._by_due:
            return
        released = int(np.searchsorted(self._release_s, now_s, side="right"))
        due_s, arrival = site.orders.due_s, site.orders.arrival
        known = int(site.counts[ORDERS_KNOWN])
        if known == released:
            return
        soonest_s = now_s + _usual_wait_s(site)
        # Where all are late already, the one that is due last comes last.
        decides = arrival[released - 1 if self._all_late else known]
        same = bool(due_s[decides] < soonest_s) == self._all_late
        if released == self._released and same:
            return
        self._released = released
        waiting = arrival[known:released].copy()
        late = due_s[waiting] < soonest_s
        self._all_late = bool(late.all())
        arrival[known:released] = waiting[np.lexsort((waiting, due_s[waiting], late))]


def _usual_wait_s(site: Site) -> float:
    """Seconds from when an order is known until its lines are picked; 0 at first."""
    ended = float(site.waits[ENDED])
    return float(site.waits[WAITED]) / ended if ended else 0.0
