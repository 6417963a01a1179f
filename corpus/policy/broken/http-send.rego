package broken

import rego.v1

deny contains "not approved" if {
	answer := http.send({"method": "GET", "url": "https://example.com/approved"})
	not answer.body.approved
}
