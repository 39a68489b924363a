"""The rules: which words are a deployment, whose, where, how far, who says so and how firmly."""
