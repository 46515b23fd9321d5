PROPOSALS: tuple[()] = ()
