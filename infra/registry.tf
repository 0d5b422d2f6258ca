# Where built things are kept: container images, and the function's sources.

resource "google_artifact_registry_repository" "images" {
  #checkov:skip=CKV_GCP_84:Google-managed keys; a key of our own would guard images of public software

  repository_id = "sheet-id"
  description   = "The serving image, and the images that the function's sources are built into."
  location      = var.region
  format        = "DOCKER"

  # What runs is among the ten newest of each image; the rest goes after a month.
  cleanup_policies {
    id     = "keep-newest"
    action = "KEEP"
    most_recent_versions {
      keep_count = 10
    }
  }

  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      older_than = "2592000s"
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_storage_bucket" "sources" {
  #checkov:skip=CKV_GCP_62:Cloud Audit Logs say who read what; usage logs in a second bucket say less

  name     = "${var.project}-sheet-id-sources"
  location = var.region

  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true # everything in it can be built again

  # The archives are the function's way back: kept as long as one may want to go back.
  lifecycle_rule {
    condition {
      age            = 90
      matches_prefix = ["function/"]
    }
    action {
      type = "Delete"
    }
  }

  lifecycle_rule {
    condition {
      age            = 7
      matches_prefix = ["builds/"]
    }
    action {
      type = "Delete"
    }
  }

  versioning {
    enabled = true
  }

  depends_on = [google_project_service.this]
}

# The first archive; later ones are put beside it by the releases.
resource "google_storage_bucket_object" "function" {
  name   = "function/${filesha256(var.function_archive)}.zip"
  bucket = google_storage_bucket.sources.name
  source = var.function_archive

  lifecycle {
    ignore_changes = [name, source, detect_md5hash]
  }
}
