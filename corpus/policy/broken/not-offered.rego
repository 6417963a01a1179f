package a

import rego.v1

deny contains "who" if input.principal.username == "root"
