package broken

import rego.v1

warn contains "old" if time.now_ns() > 1700000000000000000
