package broken

import rego.v1

deny contains "no name" if not input.metadata.name

deny contains "no owner" if not input.request.object.metadata.labels.owner
