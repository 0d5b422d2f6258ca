# What the release build (cloudbuild.yaml) may do, and the subscription on which it sees its sample sheet answered.

locals {
  release_check_prefix = "${var.upload_prefix}release-check/"

  # It deploys the service and the function as the accounts that they run as.
  release_acts_as = {
    function = google_service_account.function.name
    serving  = google_service_account.serving.name
    build    = google_service_account.build.name
  }
}

resource "google_pubsub_subscription" "release_check" {
  name   = "sheet-results-release-check"
  topic  = google_pubsub_topic.results.id
  filter = "hasPrefix(attributes.objectId, \"${local.release_check_prefix}\")"

  message_retention_duration = "3600s"

  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_subscription_iam_member" "release_subscribes" {
  subscription = google_pubsub_subscription.release_check.id
  role         = "roles/pubsub.subscriber"
  member       = google_service_account.release.member
}

resource "google_storage_bucket_iam_member" "release_uploads_sample" {
  bucket = google_storage_bucket.sheets.name
  role   = "roles/storage.objectCreator"
  member = google_service_account.release.member

  condition {
    title      = "sample sheets only"
    expression = "resource.name.startsWith(\"projects/_/buckets/${google_storage_bucket.sheets.name}/objects/${local.release_check_prefix}\")"
  }
}

# The build's own sources are read from here, and the function's archives put here.
resource "google_storage_bucket_iam_member" "release_stores_sources" {
  for_each = toset(["roles/storage.objectCreator", "roles/storage.objectViewer"])

  bucket = google_storage_bucket.sources.name
  role   = each.key
  member = google_service_account.release.member
}

resource "google_artifact_registry_repository_iam_member" "release_pushes" {
  repository = google_artifact_registry_repository.images.name
  location   = google_artifact_registry_repository.images.location
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.release.member
}

# Both services, since going back means to give a former revision the traffic again.
resource "google_cloud_run_v2_service_iam_member" "release_deploys" {
  for_each = {
    function = google_cloudfunctions2_function.reader.name
    serving  = google_cloud_run_v2_service.serving.name
  }

  name     = each.value
  location = var.region
  role     = "roles/run.developer"
  member   = google_service_account.release.member
}

resource "google_cloudfunctions2_function_iam_member" "release_deploys" {
  cloud_function = google_cloudfunctions2_function.reader.name
  location       = google_cloudfunctions2_function.reader.location
  role           = "roles/cloudfunctions.developer"
  member         = google_service_account.release.member
}

resource "google_project_iam_member" "release" {
  # Logs have no narrower place; operations in progress, and the list of runtimes, belong to the project.
  for_each = toset(["roles/cloudfunctions.viewer", "roles/logging.logWriter", "roles/run.viewer"])

  project = var.project
  role    = each.key
  member  = google_service_account.release.member
}

resource "google_service_account_iam_member" "release_acts_as" {
  for_each = local.release_acts_as

  service_account_id = each.value
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.release.member
}

# The smoke test asks serving in the function's name, so that nobody else has to be allowed to invoke it.
resource "google_service_account_iam_member" "release_asks_as_function" {
  service_account_id = google_service_account.function.name
  role               = "roles/iam.serviceAccountOpenIdTokenCreator"
  member             = google_service_account.release.member
}
