"""Statistics and geometry for maps of counts by area.

Plain functions over NumPy arrays and GeoDataFrames; nothing here knows a web
framework, a database or a map viewer. Import the module you need::

    from geo import hotspots, rates, weights

    neighbours = weights.contiguity(counties)
    rate = rates.empirical_bayes(filings, population, per=10_000)
    spots = hotspots.gi_star(rate, neighbours, seed=1)

========================  ====================================================
``geo.rates``             rates, exact intervals, empirical Bayes smoothing
``geo.funnel``            who lies outside chance and the spread all share
``geo.ranks``             rank intervals, groups not to be told apart, flips
``geo.control``           control charts of a unit's own series
``geo.survival``          Kaplan-Meier and log-rank
``geo.delay``             late entry: completeness, nowcasts, chain ladder
``geo.differences``       two rates or shares, permutations, heaps and bursts
``geo.weights``           who is whose neighbour, as a sparse matrix
``geo.hotspots``          Getis-Ord Gi*, Gi and G, Moran's I global and local, FDR
``geo.scan``              clusters in space, and in space and time
``geo.surveillance``      EARS, Farrington, CUSUM: counts against their past
``geo.interruption``      what changed when something was done: segmented counts
``geo.places``            datum conversions, points and addresses to areas
``geo.topology``          TopoJSON and what it shifts, faults of a coverage
========================  ====================================================

Conventions. A missing value is NaN, and what rests on it is NaN, never 0.
Invalid input raises ValueError saying what is wrong and at which position
(counted from 0). What draws random numbers takes ``seed`` and gives the same
result for the same seed. No function warns or prints.
"""

__version__ = "0.1.0"
