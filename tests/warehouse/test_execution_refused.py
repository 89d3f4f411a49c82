"""Plans that cannot be followed with late robots are refused, not followed wrongly."""

import pytest

from tests.mixed_sites import mixed_plan
from tests.pod_sites import pod_plan
from warehouse.errors import InputError
from warehouse.execution import RandomDelays, follow_plan


@pytest.mark.parametrize("make", [pod_plan, mixed_plan])
def test_pods_are_refused(make):
    with pytest.raises(InputError, match="E218"):
        follow_plan(make(), RandomDelays(0.1), runs=1)
