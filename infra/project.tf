# The project: what has to be switched on, and the agents that Google runs in it.

locals {
  services = toset([
    "artifactregistry.googleapis.com",
    "billingbudgets.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudfunctions.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "eventarc.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "storage.googleapis.com",
  ])

  # Pub/Sub forwards dead letters in its own name.
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  # Cloud Storage announces uploads in its own name.
  storage_agent = "serviceAccount:${data.google_storage_project_service_account.this.email_address}"
}

resource "google_project_service" "this" {
  for_each = local.services

  service            = each.key
  disable_on_destroy = false # something else in the project may use it
}

data "google_project" "this" {
  depends_on = [google_project_service.this]
}

# Asking for it also creates it.
data "google_storage_project_service_account" "this" {
  depends_on = [google_project_service.this]
}
