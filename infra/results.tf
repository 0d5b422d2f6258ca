# Where the results go: schema, topic, the application's subscription, and the dead letters of both hops.

locals {
  dead_letter_attempts = 10
  week                 = "604800s"
  month                = "2678400s" # 31 days, the longest that Pub/Sub keeps a message
}

resource "google_pubsub_schema" "sheet_result" {
  name       = "sheet-result"
  type       = "PROTOCOL_BUFFER"
  definition = file("${path.module}/schemas/sheet_result.proto")

  depends_on = [google_project_service.this]
}

resource "google_pubsub_topic" "results" {
  #checkov:skip=CKV_GCP_83:Google-managed keys; a lost key of our own would lose results

  name = "sheet-results"

  # Lets a subscription be set back to an earlier time, should the application have lost results.
  message_retention_duration = local.week

  schema_settings {
    schema   = google_pubsub_schema.sheet_result.id
    encoding = "JSON"
  }

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }
}

resource "google_pubsub_subscription" "app" {
  name   = "sheet-results-app"
  topic  = google_pubsub_topic.results.id
  filter = "NOT hasPrefix(attributes.objectId, \"${local.release_check_prefix}\")"

  ack_deadline_seconds       = 60
  message_retention_duration = local.week

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.results_dead.id
    max_delivery_attempts = local.dead_letter_attempts
  }

  expiration_policy {
    ttl = "" # never, however long the application is away
  }
}

# Results that the application could not take. No schema: whatever arrives has to be kept.
resource "google_pubsub_topic" "results_dead" {
  #checkov:skip=CKV_GCP_83:Google-managed keys; a lost key of our own would lose results

  name = "sheet-results-dead"

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.this]
}

# A topic without a subscription keeps nothing.
resource "google_pubsub_subscription" "results_dead" {
  name  = "sheet-results-dead-inspect"
  topic = google_pubsub_topic.results_dead.id

  message_retention_duration = local.month

  expiration_policy {
    ttl = ""
  }
}

# Uploads that the function could not answer. Eventarc owns the trigger's subscription, and Terraform cannot reach into
# it: `terraform output -raw dead_letter_command` prints the command that points it here.
resource "google_pubsub_topic" "uploads_dead" {
  #checkov:skip=CKV_GCP_83:Google-managed keys; a lost key of our own would lose results

  name = "sheet-uploads-dead"

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.this]
}

resource "google_pubsub_subscription" "uploads_dead" {
  name  = "sheet-uploads-dead-inspect"
  topic = google_pubsub_topic.uploads_dead.id

  message_retention_duration = local.month

  expiration_policy {
    ttl = ""
  }
}
