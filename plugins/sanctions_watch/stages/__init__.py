"""The stages: pure functions from records to records, in the order of the flow."""
