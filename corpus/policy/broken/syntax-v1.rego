package broken

import rego.v1

deny contains msg if {
	msg := sprintf("%v", [1)
}
