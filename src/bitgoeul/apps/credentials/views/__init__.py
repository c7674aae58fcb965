"""The room's pages: own and issued credentials, verification, achievements, skills."""
