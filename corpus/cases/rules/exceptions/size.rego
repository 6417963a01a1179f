package size

size := "small" if {
	input.metadata.annotations.sized == "true"
	input.spec.replicas < 5
}

size := "large" if {
	input.metadata.annotations.sized == "true"
	input.spec.replicas > 1
}

# METADATA
# custom:
#   id: no-large
deny contains "too large" if size == "large"
