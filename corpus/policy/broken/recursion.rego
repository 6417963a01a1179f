package broken

import rego.v1

depth(x) := 0 if not x.below

depth(x) := 1 + deeper(x.below) if x.below

deeper(x) := depth(x)

deny contains "deep" if depth(input.spec) > 3
