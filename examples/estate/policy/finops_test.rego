package finops_test

import data.finops

deployment(metadata) := {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata}

messages(metadata) := {finding.msg | some finding in finops.deny with input as deployment(metadata)}

missing := {"label `finops.apexlogic.com/cost-center` is missing"}

unreviewed := {"multimodal model without annotation `ai.apexlogic.com/responsible-ai-model-id`"}

multimodal := {
	"finops.apexlogic.com/cost-center": "CC-1002",
	"ai.apexlogic.com/model-type": "multimodal",
}

test_a_cost_centre_of_the_right_form_is_allowed if {
	messages({"labels": {"finops.apexlogic.com/cost-center": "CC-1001"}}) == set()
}

test_without_the_label_it_is_denied if {
	messages({"labels": {"team": "web"}}) == missing
}

test_without_any_labels_it_is_denied if {
	messages({"name": "api"}) == missing
}

test_null_labels_are_denied if {
	messages({"labels": null}) == missing
}

test_other_forms_are_denied if {
	every value in ["CC-12", "CC-12345", "cc-1001", "CC-1001 ", "CC-10O1", ""] {
		messages({"labels": {"finops.apexlogic.com/cost-center": value}}) == {sprintf("cost centre `%s` is not of the form CC-0000", [value])}
	}
}

test_a_number_is_no_cost_centre if {
	messages({"labels": {"finops.apexlogic.com/cost-center": 1001}}) == {"cost centre `1001` is not of the form CC-0000"}
}

test_the_place_is_the_label if {
	places := {finding.path |
		some finding in finops.deny with input as deployment({"labels": {"finops.apexlogic.com/cost-center": "CC-12"}})
	}
	places == {"metadata.labels[\"finops.apexlogic.com/cost-center\"]"}
}

test_a_reviewed_multimodal_model_is_allowed if {
	reviewed := {"ai.apexlogic.com/responsible-ai-model-id": "rai-2026-0114"}
	messages({"labels": multimodal, "annotations": reviewed}) == set()
}

test_an_unreviewed_multimodal_model_is_denied if {
	messages({"labels": multimodal, "annotations": {"other": "x"}}) == unreviewed
}

test_a_multimodal_model_without_any_annotations_is_denied if {
	messages({"labels": multimodal}) == unreviewed
}

test_an_empty_review_number_is_denied if {
	messages({"labels": multimodal, "annotations": {"ai.apexlogic.com/responsible-ai-model-id": ""}}) == unreviewed
}

test_other_models_need_no_review if {
	messages({"labels": object.union(multimodal, {"ai.apexlogic.com/model-type": "text"})}) == set()
}

test_other_kinds_are_none_of_our_business if {
	count(finops.deny) == 0 with input as {"kind": "ConfigMap", "metadata": {"name": "flags"}}
}
