package broken

deny[msg] {
	msg := "unclosed
}
