"""List scheduling: a packer that comes free takes the best waiting job.

Such a schedule is non-delay: nobody idles while a job waits. On one packer its
makespan is the same in whatever order the waiting jobs are taken, and the least
possible: idle time falls only where no job is ready. On several packers taking
the longest first keeps the last job short.

Source: Pinedo, M. L. (2016), Scheduling, 5th ed., sections 3 and 5,
https://doi.org/10.1007/978-3-319-26580-3.
"""

import heapq

import numpy as np
from numpy.typing import NDArray

from solvers.scheduling.problem import StationJobs

StationSchedule = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int32]]
"""Start and end in seconds, and the packer, of each job of a station."""


def list_schedule(jobs: StationJobs, urgency: NDArray[np.float64]) -> StationSchedule:
    """Serve, whenever a packer is free, the waiting job with the least urgency value.

    Parameters
    ----------
    jobs : StationJobs
    urgency : ndarray of float64, shape (n,)
        Ties go to the job that was ready first, then to the lower index.

    Notes
    -----
    O(n log n).

    Examples
    --------
    The packer does not wait for the urgent job that comes at 1 s.

    >>> one = np.ones(2)
    >>> jobs = StationJobs(
    ...     np.arange(2), np.array([0.0, 1.0]), one, 9 * one, one, np.zeros(1))
    >>> list_schedule(jobs, np.array([5.0, 0.0]))[0].tolist()
    [0.0, 9.0]
    """
    start = np.zeros(len(jobs.job))
    packer = np.zeros(len(jobs.job), np.int32)
    coming = np.argsort(jobs.ready_s, kind="stable").tolist()
    ready, work, value = (a.tolist() for a in (jobs.ready_s, jobs.work_s, urgency))
    packers = [(free, index) for index, free in enumerate(jobs.free_s.tolist())]
    heapq.heapify(packers)
    waiting: list[tuple[float, float, int]] = []
    arrived = 0
    time_s = 0.0
    for _ in coming:
        free, index = heapq.heappop(packers)
        time_s = max(time_s, free)
        if not waiting:
            time_s = max(time_s, ready[coming[arrived]])
        while arrived < len(coming) and ready[coming[arrived]] <= time_s:
            job = coming[arrived]
            heapq.heappush(waiting, (value[job], ready[job], job))
            arrived += 1
        job = heapq.heappop(waiting)[-1]
        start[job], packer[job] = time_s, index
        heapq.heappush(packers, (time_s + work[job], index))
    return start, start + jobs.work_s, packer


def schedule_in_order(jobs: StationJobs, order: NDArray[np.intp]) -> StationSchedule:
    """Start the jobs in this order, each as early as ready time and packers allow.

    A packer may idle for a job that comes before others in the order.
    """
    start = np.zeros(len(jobs.job))
    packer = np.zeros(len(jobs.job), np.int32)
    packers = [(free, index) for index, free in enumerate(jobs.free_s.tolist())]
    heapq.heapify(packers)
    for job in order.tolist():
        free, packer[job] = packers[0]
        start[job] = max(free, jobs.ready_s[job])
        end = float(start[job] + jobs.work_s[job])
        heapq.heapreplace(packers, (end, int(packer[job])))
    return start, start + jobs.work_s, packer
