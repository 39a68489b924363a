"""Alerts that reach people: alerts.v1 in, webhooks, Alertmanagers and mailboxes out."""
